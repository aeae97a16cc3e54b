from qapidoc_ext.qmp.first import first_version


def test_the_first_version_that_has_it_is_found_among_the_recordings() -> None:
    assert first_version("blockdev-set-active") == "10.0"
    assert first_version("blockdev-add/arg-type/+file/$dynamic-auto-read-only") == "4.1"
    assert first_version("nonsense") == ""
    assert first_version("") == ""
    assert first_version("stop/$f/x") == ""
