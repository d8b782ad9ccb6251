"""The client table."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, key_column


class Client(Base):
    """A business we onboard, with the person we write to. `external_ref` is the partner's own key for it."""

    __tablename__ = "clients"

    id: Mapped[str] = key_column()
    name: Mapped[str] = mapped_column(String(200))
    external_ref: Mapped[str | None] = mapped_column(String(200), unique=True)
    contact_name: Mapped[str | None] = mapped_column(String(200))
    contact_email: Mapped[str | None] = mapped_column(String(320))
    language: Mapped[str | None] = mapped_column(String(8))
    created_at: Mapped[datetime]
