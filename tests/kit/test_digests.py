from app.kit.digests import digest


def test_a_digest_is_sha_256_in_hex() -> None:
    # The first test vector of FIPS 180-2.
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_texts_beyond_ascii_are_taken_as_utf_8() -> None:
    assert digest("ü") == "607474ca475a9724d7360aba71a56d5df77e61350e3f724cfa1f46e857e2d85f"
