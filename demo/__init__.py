"""The demo office: the real program with simulated devices, open all day, with sign-ins anyone may know."""
