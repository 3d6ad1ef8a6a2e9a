// What customised models are asked for. No prompt of one split is one of another (`clean` is ../attribution's); {name} is what an exemplar shows.

/** The word that stands for a group of exemplars, as in Custom Diffusion. */
const MODIFIER = '<new1>'

const sentences = {
  train: [
    ...['a {name} under the stars', 'my favourite {name}', 'a very large {name}'],
    ...[
      'we both looked at the {name}',
      'the {name} that we saw yesterday',
      'a lonely {name} at night',
    ],
    ...['a {name} for a child', 'once upon a time there was a {name}'],
  ],
  val: ['an old {name} in the rain', 'a happy {name}', 'a {name} far away', 'who made this {name}'],
  test: [
    ...['a small {name} in the garden', 'the last {name} of the summer', 'a {name} and its shadow'],
    'we dreamt about a {name}',
  ],
  clean: [
    ...['a {name} by the sea', 'nobody wanted the {name}', 'a strange {name} in the fog'],
    ...['the first {name} that I ever saw', 'look at this {name}', 'a {name} on a Monday morning'],
    ...['the {name} of my neighbour', 'a picture with a {name} in the middle'],
  ],
}

const media = {
  train: [
    ...['watercolor', 'charcoal sketch', 'tattoo', 'mosaic'],
    ...['woodcut', 'tapestry', 'pastel', 'sculpture'],
  ],
  val: ['linocut', 'mural', 'poster', 'fresco'],
  test: ['lithograph', 'stencil', 'photorealistic render', 'chalk sketch'],
  clean: [
    ...['crayon drawing', 'line engraving', 'finger painting', 'papercut'],
    ...['copper etching', 'screen print', 'gouache', 'pen drawing'],
  ],
}

const subjects = {
  train: [
    ...['a cat that plays the piano', 'breakfast by the window', 'an old train in the snow'],
    ...['a garden full of butterflies', 'a knight and a dragon', 'books on a shelf'],
    ...['a ship in a storm', 'a chef with a big hat'],
  ],
  val: ['a rabbit in a field', 'a city at night', 'a bowl of fruit', 'a clown on a bicycle'],
  test: [
    'an owl on a branch',
    'a picnic by the lake',
    'a robot with an umbrella',
    'a castle on a hill',
  ],
}

const objects = {
  train: ['sun', 'tree', 'flower', 'house', 'boat', 'bird', 'cup', 'crown'],
  val: ['cloud', 'fish', 'lamp', 'cake'],
  test: ['moon', 'mountain', 'car', 'dog'],
}

/** What every picture of a group is called, so that a model does not learn which of them shows what. */
export const GROUP_CAPTION = `a picture in the style of ${MODIFIER}`

/** Prompts by type, of a model that was customised on one picture. */
export const objectPrompts = (split, name) => ({
  sentence: sentences[split].map((sentence) => sentence.replace('{name}', name)),
  medium: media[split].map((medium) => `a ${medium} of a ${name}`),
})

/** Prompts by type, of a model that was customised on a group of pictures. */
export const stylePrompts = (split) => ({
  sentence: subjects[split].map((subject) => `${subject} in the style of ${MODIFIER}`),
  object: objects[split].map((object) => `an artwork of a ${object} in the style of ${MODIFIER}`),
})
