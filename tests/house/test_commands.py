import subprocess
import sys

import pytest

from tests.house.conftest import CHECKOUT, leave

COUNT = "from firm.models import User; print(User.objects.count())"


@pytest.mark.parametrize(
    "command",
    [
        ["help"],
        ["check"],
        ["migrate", "--help"],
        ["makemigrations", "--check", "--dry-run"],
        ["findstatic", "kam.css"],
    ],
)
def test_a_command_that_needs_no_database_starts_nothing(home, command):
    home.manage(*command)

    assert not home.data.exists()


def test_a_command_works_in_an_empty_folder_and_leaves_nothing_running(home):
    answer = home.manage("shell", "-v0", "--command", COUNT)

    assert answer.stdout == "0\n", answer.stderr
    assert answer.returncode == 0
    assert home.servers() == []


def test_two_first_commands_at_once_both_answer(home):
    command = [sys.executable, "manage.py", "shell", "-v0", "--command", COUNT]
    both = [home.start(*command, stdout=subprocess.PIPE) for _ in range(2)]

    assert [process.communicate()[0] for process in both] == ["0\n", "0\n"]
    assert home.servers() == []


def test_a_command_uses_the_servers_that_run_and_lets_them_be(furnished):
    user = furnished.user()
    before = furnished.postmaster()

    answer = furnished.manage("shell", "-v0", "--command", COUNT)

    assert answer.stdout == "0\n", answer.stderr
    assert furnished.postmaster() == before
    leave(user)


def test_a_terminated_command_leaves_nothing_running(furnished):
    sleep = "import time; print('here', flush=True); time.sleep(60)"
    command = [sys.executable, "manage.py", "shell", "-v0", "--command", sleep]
    process = furnished.start(*command, stdout=subprocess.PIPE)
    assert process.stdout.readline() == "here\n"

    process.terminate()

    assert process.wait(20) == 143
    assert furnished.servers() == []


def test_a_command_on_given_servers_starts_none(home):
    environment = home.environment | {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }

    answer = home.manage("showmigrations", env=environment)

    assert "127.0.0.1" in answer.stderr
    assert answer.returncode == 1
    assert not home.data.exists()


def test_production_without_its_settings_says_what_is_missing(home):
    answer = home.manage("check", env=home.environment | {"KAM_ENV": "production"})

    assert answer.returncode == 1
    assert "SECRET_KEY" in answer.stderr


def test_no_file_names_the_host_of_a_package_registry():
    hosts = ["pypi" + ".org", "npmjs" + ".org", "pythonhosted" + ".org"]

    found = subprocess.run(
        ["git", "grep", "--files-with-matches", *(f"-e{host}" for host in hosts)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.stdout == ""
