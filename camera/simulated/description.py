"""What DESCRIBE answers: the session's description (SDP, RFC 4566)."""

import base64

from camera.simulated.dials import Profile
from camera.simulated.encoder import parameter_sets
from camera.simulated.rtp import PAYLOAD_TYPE


def describe(profile: Profile, *, hevc: bool, ranged: str) -> str:
    """The description of a stream. ``ranged``: what its a=range says."""
    sets = [base64.b64encode(unit).decode() for unit in parameter_sets(profile, hevc)]
    if hevc:
        codec, told = "H265", f"sprop-vps={sets[0]};sprop-sps={sets[1]};sprop-pps={sets[2]}"
    else:
        level = parameter_sets(profile, hevc)[0][1:4].hex().upper()
        codec, told = "H264", f"packetization-mode=1;profile-level-id={level};sprop-parameter-sets={','.join(sets)}"
    lines = (
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=Simulated camera",
        "c=IN IP4 0.0.0.0",
        "t=0 0",
        "a=control:*",
        f"a=range:{ranged}",
        f"m=video 0 RTP/AVP {PAYLOAD_TYPE}",
        f"a=rtpmap:{PAYLOAD_TYPE} {codec}/90000",
        f"a=fmtp:{PAYLOAD_TYPE} {told}",
        f"a=framerate:{profile.fps}",
        "a=control:track1",
    )
    return "".join(f"{line}\r\n" for line in lines)
