/** Folder with a folder a model, each holding its `card.json`. */
export declare const cards: string
