"""The lists behind the window's drop-downs: a few of each, enough to rehearse with."""

COUNTRIES: tuple[tuple[str, str], ...] = (
    ("AR", "Argentina"),
    ("BR", "Brazil"),
    ("DE", "Germany"),
    ("ES", "Spain"),
    ("GB", "United Kingdom"),
    ("ID", "Indonesia"),
    ("IN", "India"),
    ("MX", "Mexico"),
    ("NG", "Nigeria"),
    ("US", "United States"),
    ("ZA", "South Africa"),
)

TIMEZONES: tuple[tuple[str, str], ...] = (
    ("1", "Los Angeles"),
    ("7", "New York"),
    ("25", "São Paulo"),
    ("58", "London"),
    ("47", "Berlin"),
    ("71", "Kolkata"),
)
"""Meta's ``timezone_id`` and the city it stands for. 1, 25 and 71 are those its pages name; the others are usual."""

CATEGORIES: tuple[tuple[str, str], ...] = (
    ("OTHER", "Other"),
    ("AUTO", "Automotive"),
    ("BEAUTY", "Beauty, spa and salon"),
    ("EDU", "Education"),
    ("HEALTH", "Medical and health"),
    ("HOTEL", "Hotel and lodging"),
    ("PROF_SERVICES", "Professional services"),
    ("RESTAURANT", "Restaurant"),
    ("RETAIL", "Shopping and retail"),
)

PERMISSIONS: dict[str, str] = {
    "business_management": "See the business portfolio you choose",
    "whatsapp_business_management": "Manage your WhatsApp accounts, numbers and message templates",
    "whatsapp_business_messaging": "Send and receive WhatsApp messages for you",
    "public_profile": "See your name",
}
"""What each scope means in words; a scope that is not here is shown by its name."""
