"""An invented firm to try the product on: Aldermere Components, makers of what makes turn."""
