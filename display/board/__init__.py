"""The hall board and the small panels over the counters: a face. What is spoken is ``display.voice``."""
