"""What the tiny diffusion draws: 64 concepts in four styles on white ground."""

STYLES = ("noto", "twemoji", "flat", "emojione")
CONCEPTS = """
dog face, fox, cat face, tiger, horse, cow, pig, goat, camel, elephant, rabbit face, koala, panda, chicken, penguin,
owl, frog, crocodile, turtle, snake, whale, dolphin, tropical fish, octopus, crab, snail, butterfly, lady beetle,
sunflower, tulip, evergreen tree, palm tree, cactus, mushroom,
grapes, watermelon, lemon, pineapple, red apple, peach, cherries, tomato, eggplant, ear of corn, bread, pizza, egg,
ice cream, birthday cake, beer mug,
house, castle, locomotive, minibus, ambulance, taxi, articulated lorry, racing car, bicycle, sailboat, airplane,
rocket, snowman, umbrella with rain drops
"""
NAMES = tuple(name.strip() for name in CONCEPTS.replace("\n", " ").split(","))
