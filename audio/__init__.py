"""The audio edition: the page, spoken, for playback with no network."""
