import tarfile

import pytest

LEDGER = """account_ref,account_name,booked_on,revenue,cost,currency,document,line
A1,Alpha,2024-01-10,900.00,100,EUR,1,1
A2,Бета,2024-01-11,90.50,10,EUR,2,1
A3,Gamma,2023-05-01,1.0001,0,EUR,3,1
"""
DAY = "2024-02-29"


@pytest.fixture
def full(furnished, tmp_path):
    """A home with a ledger, a night and an upload."""
    (tmp_path / "ledger.csv").write_text(LEDGER)
    with_servers = furnished.user()
    done = furnished.manage("import_ledger", str(tmp_path / "ledger.csv"), "--source", "erp")
    assert done.returncode == 0, done.stderr
    done = furnished.manage("recompute", "--as-of", DAY)
    assert done.returncode == 0, done.stderr
    (furnished.data / "media" / "a folder").mkdir(parents=True)
    (furnished.data / "media" / "a folder" / "Ж.txt").write_text("kept")
    yield furnished
    with_servers.stdin.close()
    with_servers.wait()


def test_a_backup_restored_into_an_empty_cluster_gives_the_same_standings(full, home_in, tmp_path):
    file = tmp_path / "the backup"
    empty = home_in(tmp_path / "empty")

    saved = full.manage("backup", str(file))
    assert saved.returncode == 0, saved.stderr
    empty.user()
    restored = empty.manage("restore", str(file))

    assert restored.returncode == 0, restored.stderr
    expected = full.manage("standings", "--as-of", DAY).stdout
    assert expected.count("\n") > 2
    assert empty.manage("standings", "--as-of", DAY).stdout == expected
    assert (empty.data / "media" / "a folder" / "Ж.txt").read_text() == "kept"
    assert empty.manage("check_integrity").returncode == 0
    again = empty.manage("restore", str(file))
    assert again.returncode == 1
    assert again.stderr.count("\n") == 1
    assert empty.manage("restore", "--force", str(file)).returncode == 0


def test_a_file_that_is_no_backup_is_refused_in_one_sentence(full, tmp_path):
    before = full.manage("standings", "--as-of", DAY).stdout
    (tmp_path / "text").write_text("not a backup")
    with tarfile.open(tmp_path / "tar", "w") as archive:
        archive.add(tmp_path / "text", "manifest.json")

    for name in ("text", "tar", "absent"):
        answer = full.manage("restore", "--force", str(tmp_path / name))
        assert answer.returncode == 1
        assert "is not a backup" in answer.stderr
        assert answer.stderr.count("\n") == 1

    assert full.manage("standings", "--as-of", DAY).stdout == before


def test_a_damaged_backup_is_refused_and_changes_nothing(full, tmp_path):
    file = tmp_path / "backup"
    full.manage("backup", str(file))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)

    answer = full.manage("restore", "--force", str(file))

    assert answer.returncode == 1
    assert "damaged" in answer.stderr
    assert (full.data / "media" / "a folder" / "Ж.txt").exists()


def test_a_backup_into_a_missing_folder_is_refused_in_one_sentence(full, tmp_path):
    answer = full.manage("backup", str(tmp_path / "missing" / "backup"))

    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
