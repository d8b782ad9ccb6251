"""Why a key service does not open a master key, and what to do then: one set of words for the start and the doctor."""

from enum import Enum


class Refusal(Enum):
    """A reason: what is so, and the fix."""

    AWAY = (
        "it gave no answer",
        "See that this machine reaches AWS KMS in the key's region (firewall, VPC endpoint, AWS_ENDPOINT_URL_KMS), "
        "and start again.",
    )
    STRANGER = (
        "it does not know who we are",
        "Give the process valid credentials of AWS: the role of the machine, AWS_PROFILE, or AWS_ACCESS_KEY_ID and "
        "AWS_SECRET_ACCESS_KEY.",
    )
    NO_REGION = ("no region is set", "Set AWS_DEFAULT_REGION, or name the KMS key by its ARN.")
    DENIED = (
        "it denies us the use of the key",
        "Allow kms:Decrypt on this KMS key to the role we run as, in the key's policy or the role's (and "
        "kms:GenerateDataKeyWithoutPlaintext to whoever makes entries).",
    )
    DISABLED = (
        "the KMS key is disabled or about to be deleted",
        "Enable the KMS key again, or cancel its deletion; then `flask keys rotate` to another key if it shall go.",
    )
    UNKNOWN = ("there is no such KMS key", "Correct the entry's KMS key, its account and its region.")
    OTHER = (
        "what the entry holds was altered, or sealed by another KMS key or for another purpose",
        "Copy the entry again, whole, from where you keep it; one of your own making needs the encryption context of "
        "docs/decisions/0024-master-keys-in-a-key-service.md.",
    )
    NO_KEY = (
        "what the entry holds is not a key of 32 bytes",
        "Make an entry with `flask keys make --kms KEY`.",
    )
    ELSE = ("it refused", "Look into CloudTrail for this machine's last call to KMS, and start again.")

    @property
    def why(self) -> str:
        """What is so, to go on "AWS KMS …: "."""
        return self.value[0]

    @property
    def fix(self) -> str:
        """What to do, as a sentence."""
        return self.value[1]


_BY_CODE = {
    "AccessDeniedException": Refusal.DENIED,
    "DisabledException": Refusal.DISABLED,
    "KMSInvalidStateException": Refusal.DISABLED,
    "NotFoundException": Refusal.UNKNOWN,
    "InvalidArnException": Refusal.UNKNOWN,
    "InvalidCiphertextException": Refusal.OTHER,
    "IncorrectKeyException": Refusal.OTHER,
    "InvalidKeyUsageException": Refusal.UNKNOWN,
    "KeyUnavailableException": Refusal.AWAY,
    "DependencyTimeoutException": Refusal.AWAY,
    "KMSInternalException": Refusal.AWAY,
    "ThrottlingException": Refusal.AWAY,
    "LimitExceededException": Refusal.AWAY,
    "ServiceUnavailableException": Refusal.AWAY,
    "UnrecognizedClientException": Refusal.STRANGER,
    "InvalidClientTokenId": Refusal.STRANGER,
    "InvalidSignatureException": Refusal.STRANGER,
    "SignatureDoesNotMatch": Refusal.STRANGER,
    "IncompleteSignature": Refusal.STRANGER,
    "MissingAuthenticationTokenException": Refusal.STRANGER,
    "ExpiredTokenException": Refusal.STRANGER,
}
# Errors of the library itself, by the names of their classes: importing them would load it.
_BY_KIND = {
    "NoRegionError": Refusal.NO_REGION,
    "NoCredentialsError": Refusal.STRANGER,
    "PartialCredentialsError": Refusal.STRANGER,
    "CredentialRetrievalError": Refusal.STRANGER,
    "ProfileNotFound": Refusal.STRANGER,
    "TokenRetrievalError": Refusal.STRANGER,
    "HTTPClientError": Refusal.AWAY,
    "ConnectionError": Refusal.AWAY,
    "ValueError": Refusal.AWAY,  # an address or a region that cannot be one
}


class KeyServiceRefused(Exception):
    """KMS did not give us a master key. The text names the KMS key, the reason and the fix, and nothing sealed."""

    def __init__(self, key: str, refusal: Refusal) -> None:
        super().__init__(f"AWS KMS does not open it with {key}: {refusal.why}. {refusal.fix}")
        self.key = key
        self.refusal = refusal


def keeper_in_words(keeper: str) -> str:
    """Who keeps a master key (`KeyWrapper.keeper_of`), as people read it."""
    return f"AWS KMS, {keeper}" if keeper else "the settings"


def refusal_of(error: Exception) -> Refusal:
    """The reason behind an error of AWS's library; what it says in its own words may repeat what was asked."""
    answer = getattr(error, "response", None)
    if isinstance(answer, dict):
        code = str(answer.get("Error", {}).get("Code", ""))
        status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return _BY_CODE.get(code) or (Refusal.AWAY if status >= 500 else Refusal.ELSE)
    kinds = [kind.__name__ for kind in type(error).__mro__]
    return next((_BY_KIND[kind] for kind in kinds if kind in _BY_KIND), Refusal.ELSE)
