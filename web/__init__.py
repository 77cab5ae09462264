"""What every face shares at the door: the app, sign-in, pairing, keys, errors, headers, the event stream."""
