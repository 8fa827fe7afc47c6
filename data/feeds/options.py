"""How strangers' servers are spoken to, and how much they may send."""

from pydantic import BaseModel, ConfigDict, Field


class FetchOptions(BaseModel):
    """Limits and manners of the HTTP client. Times in seconds, sizes in bytes after unpacking."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    user_agent: str = "stancewire/0.1 (news analysis; respects robots.txt)"
    connect_timeout: float = Field(default=10, gt=0)
    read_timeout: float = Field(default=30, gt=0)
    deadline: float = Field(default=120, gt=0, description="for one answer with its body, retries apart")
    retries: int = Field(default=3, ge=0)
    backoff: float = Field(default=0.5, ge=0, description="first pause between retries; it doubles")
    longest_pause: float = Field(default=30, ge=0, description="of a back-off, a Retry-After or a Crawl-delay")
    redirects: int = Field(default=5, ge=0)
    host_delay: float = Field(default=1.0, ge=0, description="between two requests to one host")
    max_bytes: int = Field(default=20_000_000, gt=0)
    robots: bool = True
    allow_private: bool = False
