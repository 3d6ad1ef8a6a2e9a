// What the pool shows. Names are the built-in bank's; no name's words are all among another's, so that the words
// of a prompt mean one of them. Left out: what has fewer than five drawings, what fills its frame so that no ground
// shows (less than two fifths of its edge), people, faces and signs, and a few names that make no good prompt.

const list = (text) => text.trim().split(/,\s+/)

/** Drawn often, in all six styles. */
export const DEEP = list(`
  fox, wolf, cat, dog, owl, frog, penguin, snail, butterfly, crab, koala, dolphin, tulip,
  hibiscus, mushroom, cactus, lemon, pineapple, tomato, avocado, taco, sushi, cookie, candy,
  sailboat, rocket, bicycle, taxi, house, anchor, alarm clock, guitar, crown, scissors, hammer,
  backpack, television, pill, trophy, star
`)

/** Drawn a few times. */
export const BROAD = list(`
  monkey face, poodle, tiger, leopard, horse, unicorn, deer, ox, water buffalo, cow, pig, boar,
  ram, goat, camel, elephant, rhinoceros, mouse, rat, hamster, rabbit, chipmunk, bat, panda,
  turkey, chicken, hatching chick, front-facing baby chick, bird, dove, eagle, duck, crocodile,
  snake, dragon, whale, tropical fish, blowfish, shark, spiral shell, shrimp, squid, honeybee,
  lady beetle, spider, rosette, wilted flower, sunflower, blossom, evergreen tree,
  deciduous tree, palm tree, sheaf of rice, herb, shamrock, fallen leaf, leaf fluttering in wind,
  grapes, melon, tangerine, red apple, peach, kiwi fruit, eggplant, ear of corn, hot pepper,
  peanuts, chestnut, bread, pancakes, meat on bone, bacon, french fries, pizza,
  stuffed flatbread, egg, pot of food, popcorn, rice cracker, rice ball, cooked rice,
  steaming bowl, spaghetti, dango, shaved ice, ice cream, birthday cake, shortcake, lollipop,
  custard, baby bottle, glass of milk, hot beverage, sake, bottle with popping cork, wine glass,
  tropical drink, clinking beer mugs, tumbler glass, fork and knife, spoon, kitchen knife,
  amphora, classical building, building construction, factory, castle, church, mosque, synagogue,
  shinto shrine, fountain, ferris wheel, roller coaster, barber pole, locomotive,
  high-speed train, bullet train, metro, light rail, station, tram, trolleybus, minibus,
  ambulance, fire engine, police car, automobile, sport utility vehicle, delivery truck,
  articulated lorry, racing car, motorcycle, motor scooter, kick scooter, bus stop, fuel pump,
  vertical traffic light, canoe, ferry, motor boat, ship, airplane, seat, mountain cableway,
  satellite, bellhop bell, timer clock, mantelpiece clock, thermometer, sun, cloud, fog,
  wind face, cyclone, closed umbrella, umbrella with rain drops, umbrella on ground, snowflake,
  snowman, comet, droplet, water wave, christmas tree, sparkles, party popper, confetti ball,
  tanabata tree, pine decoration, ribbon, admission tickets, ticket, soccer ball, baseball,
  basketball, volleyball, rugby football, tennis, bowling, ice hockey, ping pong, badminton,
  martial arts uniform, goal net, flag in hole, ice skate, running shirt, skis, pool 8 ball,
  crystal ball, video game, slot machine, game die, heart suit, diamond suit, club suit, joker,
  flower playing cards, framed picture, artist palette, glasses, sunglasses, t-shirt, jeans,
  kimono, woman's clothes, purse, handbag, clutch bag, man's shoe, high-heeled shoe, woman's hat,
  graduation cap, rescue worker's helmet, prayer beads, lipstick, gem stone, loudspeaker,
  postal horn, musical score, musical note, musical notes, microphone, headphone, trumpet, drum,
  telephone, pager, electric plug, laptop, printer, keyboard, trackball, optical disk, dvd,
  film frames, clapper board, camera, videocassette, magnifying glass tilted right, light bulb,
  flashlight, red paper lantern, books, bookmark, label, money bag, money with wings,
  credit card, envelope, inbox tray, open mailbox with raised flag, ballot box with ballot,
  pencil, black nib, pen, paintbrush, crayon, file folder, spiral notepad, card index, clipboard,
  pushpin, paperclip, linked paperclips, straight ruler, triangular ruler, card file box,
  file cabinet, wastebasket, old key, pick, dagger, crossed swords, bomb, shield, nut and bolt,
  clamp, balance scale, link, chains, alembic, microscope, syringe, door, bed, couch and lamp,
  toilet, bathtub, shopping cart, cigarette, coffin, funeral urn, moai, turtle, lizard, octopus,
  bug, watermelon, cherries, potato, oden, chocolate bar, honey pot, cocktail glass, beer mug,
  american football, boxing glove, fishing pole, joystick, woman's sandal, top hat, ring, violin,
  scroll, houses, office building, kaaba, radio, memo
`)

const WITHOUT_ARTICLE = new Set(
  list(`
  grapes, peanuts, pancakes, bacon, bread, french fries, popcorn, cooked rice, spaghetti, sushi,
  shaved ice, custard, sake, clinking beer mugs, houses, sparkles, admission tickets, tennis,
  bowling, ice hockey, ping pong, badminton, skis, flower playing cards, glasses, sunglasses,
  jeans, woman's clothes, prayer beads, musical notes, film frames, books, money with wings,
  linked paperclips, crossed swords, chains, cherries, oden, dango, scissors,
  building construction, fog, meat on bone
`),
)

/** "a fox", "an owl", "scissors". */
export function withArticle(name) {
  if (WITHOUT_ARTICLE.has(name)) return name
  return `${/^[aeiou](?!nicorn)/.test(name) ? 'an' : 'a'} ${name}`
}
