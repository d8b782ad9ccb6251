"""What must come out of the reply on the card of shared accounts, written by hand."""

from app.meta.accounts import Account
from app.meta.numbers import Number, WebhookConfiguration
from app.meta.sharing import SharedAccount, SharedPage

SHARED = SharedPage(
    accounts=(
        SharedAccount(
            account=Account(
                id="524126980791429",
                name="Example Bakery",
                currency="USD",
                country="BR",
                timezone_id="25",
                review_status="APPROVED",
                business_verification_status="verified",
                ownership_type="CLIENT_OWNED",
                owner_business_id="2729063490586005",
                owner_business_name="Example Bakery Ltd",
                primary_funding_id="5985000000000001",
            ),
            numbers=(
                Number(
                    id="106540352242922",
                    display_phone_number="+55 11 3000-0000",
                    verified_name="Example Bakery",
                    status="CONNECTED",
                    code_verification_status="VERIFIED",
                    platform_type="CLOUD_API",
                    is_on_biz_app=False,
                    name_status="APPROVED",
                    quality_rating=None,
                    throughput=None,
                    account_mode=None,
                    last_onboarded_time=None,
                    is_preverified_number=None,
                    webhook_configuration=WebhookConfiguration(None, None, None),
                ),
            ),
        ),
    ),
    after="QVFIUafter",
)
