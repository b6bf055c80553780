"""OBS by its remote control: browser sources set up and taken back, effects for great gifts."""
