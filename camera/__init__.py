"""Device: the hall's cameras: recorder, footage keeper, clips.

Nothing is recorded yet: the journal already keeps what footage will be looked up by (counter and moment of every act),
and the notice people must be given (``camera_notice`` in config/office.toml) is on kiosk, board and door.
"""
