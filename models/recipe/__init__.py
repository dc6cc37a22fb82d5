"""The recipe of the starter model: train, export, evaluate, write the card."""
