"""Who may change the data: accounts, passwords, sessions. Knows nothing of the map."""

from regen_map.access.accounts import (
    Account,
    Accounts,
    AccountsFault,
    Fault,
    accounts_in,
    is_account_name,
)
from regen_map.access.accounts_file import (
    LARGEST_BYTES,
    SECRETS_VARIABLE,
    AccountsFile,
    secrets_file,
)
from regen_map.access.accounts_writing import (
    SecretsFormError,
    account_names,
    with_account,
    without_account,
    write_secrets,
)
from regen_map.access.claims import Refusal, person_of_claims, refusal_of_claims
from regen_map.access.entrance import Entrance, Identity, SlowedError, entrance
from regen_map.access.passwords import (
    LONGEST_BYTES,
    SHORTEST,
    BusyError,
    Passwords,
    Unfit,
    UnfitPasswordError,
    hash_of,
)
from regen_map.access.people import LONGEST_NAME, Person, Role, is_shown_whole, shown_name
from regen_map.access.sessions import COOKIE, LONGEST, LONGEST_UNUSED, Sessions

__all__ = [
    "COOKIE",
    "LARGEST_BYTES",
    "LONGEST",
    "LONGEST_BYTES",
    "LONGEST_NAME",
    "LONGEST_UNUSED",
    "SECRETS_VARIABLE",
    "SHORTEST",
    "Account",
    "Accounts",
    "AccountsFault",
    "AccountsFile",
    "BusyError",
    "Entrance",
    "Fault",
    "Identity",
    "Passwords",
    "Person",
    "Refusal",
    "Role",
    "SecretsFormError",
    "Sessions",
    "SlowedError",
    "Unfit",
    "UnfitPasswordError",
    "account_names",
    "accounts_in",
    "entrance",
    "hash_of",
    "is_account_name",
    "is_shown_whole",
    "person_of_claims",
    "refusal_of_claims",
    "secrets_file",
    "shown_name",
    "with_account",
    "without_account",
    "write_secrets",
]
