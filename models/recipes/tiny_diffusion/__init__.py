"""The tiny CLIP of the built-in world: data, tokenizer, towers, training, export, measurement."""
