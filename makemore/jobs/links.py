"""Tokens for links to a training: one that holds its controls, and one that only looks. Knows no job.

The two are told apart by arithmetic: the token to look with is a hash of the other. So the server keeps
no token that would give anybody the controls.
"""

import re
import secrets
from hashlib import sha256

LENGTH = 16  # hexadecimal digits: too many to be guessed


def new_token() -> str:
    """A token that holds the controls of a training."""
    return secrets.token_hex(LENGTH // 2)


def watch_token(token: str) -> str:
    """The token that shows the same training and leads no way back to its controls."""
    return sha256(f"makemore {token}".encode()).hexdigest()[:LENGTH]


def is_token(text: str) -> bool:
    """Whether a text may be a token at all."""
    return re.fullmatch(f"[0-9a-f]{{{LENGTH}}}", text) is not None
