"""The Hugging Face Hub, as far as publishing needs it: look, create, commit, tag.

Its library is imported when a Hub is opened, since it takes a second. Every failure becomes a
:class:`~claimset.errors.HubError` that names the step and what to do; no message holds the token.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from claimset.errors import ContractError, HubError, UsageError
from claimset.release.card import CARD_FILE
from claimset.release.columns import CONFIGS
from claimset.release.reader import METADATA_FILE
from claimset.release.repository import HubFile, PublishedRelease, RepositoryState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import SecretStr

__all__ = ["Hub"]

_KIND = "dataset"

_REMEDIES = {
    401: "set HF_TOKEN to a valid token, in the environment or in .env",
    402: "the account's plan does not cover it; see the billing page of the organisation",
    403: "the token lacks the right, or the account is over its quota: use a token with write "
    "access to the repository, and read what the Hub says above",
    404: "check the name of the repository; a private one also looks missing to a token that may "
    "not read it",
    412: "somebody else committed in between; run the command again to see the plan anew",
    429: "the Hub limits how often it may be asked; run the command again later",
}
_AGAIN = "run the command again; it goes on where it was"


class Hub:
    """One repository on the Hub.

    Args:
        repository: `ORG/NAME`.
        token: Access token; without one the login of Hugging Face's own tools is used, if any.
        show_progress: Let the library draw bars for uploads.
    """

    def __init__(self, repository: str, token: SecretStr | None, *, show_progress: bool) -> None:
        from huggingface_hub import HfApi  # noqa: PLC0415 - takes a second to import
        from huggingface_hub.utils.tqdm import (  # noqa: PLC0415
            disable_progress_bars,
            enable_progress_bars,
        )

        enable_progress_bars() if show_progress else disable_progress_bars()
        self.repository = repository
        self._api = HfApi(token=token.get_secret_value() if token else None)

    @property
    def url(self) -> str:
        """The address of the repository."""
        return f"{self._api.endpoint}/datasets/{self.repository}"

    @property
    def has_token(self) -> bool:
        """Whether there is a token at all, given or from the login of Hugging Face's tools."""
        from huggingface_hub import get_token  # noqa: PLC0415

        return bool(self._api.token or get_token())

    def look(self) -> RepositoryState | None:
        """The repository as it is now; ``None`` when there is none, or none that may be seen."""
        from huggingface_hub.errors import RepositoryNotFoundError  # noqa: PLC0415

        with self._errors("reading the repository"):
            try:
                info = self._api.repo_info(self.repository, repo_type=_KIND)
            except RepositoryNotFoundError:
                return None
            refs = self._api.list_repo_refs(self.repository, repo_type=_KIND)
        head = str(info.sha)
        files = self.files(head)
        return RepositoryState(
            private=bool(info.private),
            head=head,
            files=files,
            tags={tag.name: tag.target_commit for tag in refs.tags},
            release=self._release(head) if METADATA_FILE in files else None,
        )

    def files(self, revision: str) -> dict[str, HubFile]:
        """The files of a commit, by path."""
        from huggingface_hub.hf_api import RepoFile  # noqa: PLC0415

        with self._errors("listing the files"):
            listed = self._api.list_repo_tree(
                self.repository, recursive=True, revision=revision, repo_type=_KIND
            )
            return {
                item.path: HubFile(
                    bytes=item.size, identity=item.lfs.sha256 if item.lfs else item.blob_id
                )
                for item in listed
                if isinstance(item, RepoFile)
            }

    def create(self, *, private: bool) -> None:
        """Make the repository; it may exist already."""
        with self._errors("creating the repository"):
            self._api.create_repo(self.repository, private=private, repo_type=_KIND, exist_ok=True)

    def commit(
        self,
        folder: Path,
        *,
        title: str,
        description: str,
        changed: Iterable[str],
        removed: Iterable[str],
        parent: str,
        pull_request: bool,
    ) -> tuple[str, str | None]:
        """Make one commit on `main`, or on a pull request.

        `create_commit` rather than `upload_folder`: with Xet the latter may cut a large upload
        into several commits. Large files are sent before it, config by config: what one of them
        holds is then known to the Hub when the next one comes. Of files that are sent together,
        each would send the words that all of them repeat.

        Args:
            folder: Where the changed files are read.
            title: First line of the message.
            description: The rest of it.
            changed: Paths to send.
            removed: Paths to remove.
            parent: The commit that `main` must still point to.
            pull_request: Propose the commit instead of making it.

        Returns:
            The commit, and the address of the pull request if there is one.

        Raises:
            ContractError: The Hub refuses the card.
            HubError: The Hub refused, failed or cannot be reached; status 412 if `main` moved.
        """
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete  # noqa: PLC0415

        with self._errors("sending the files"):
            added = [CommitOperationAdd(path, str(folder / path)) for path in changed]
            for config in CONFIGS:
                files = [add for add in added if add.path_in_repo.startswith(f"{config}/")]
                if files:
                    self._api.preupload_lfs_files(
                        self.repository,
                        files,
                        repo_type=_KIND,
                        create_pr=pull_request,
                        free_memory=False,
                    )
            made = self._api.create_commit(
                self.repository,
                [
                    *added,
                    *(CommitOperationDelete(path, is_folder=False) for path in removed),
                ],
                commit_message=title,
                commit_description=description,
                parent_commit=parent,
                create_pr=pull_request,
                repo_type=_KIND,
            )
        return made.oid, made.pr_url

    def tag(self, name: str, commit: str, message: str) -> None:
        """Tag a commit; status 409 in the error if the tag exists."""
        with self._errors(f"setting the tag {name}"):
            self._api.create_tag(
                self.repository, tag=name, tag_message=message, revision=commit, repo_type=_KIND
            )

    def proposals(self, title: str) -> dict[str, str]:
        """Revisions of the open pull requests with a title, and their addresses."""
        with self._errors("listing the pull requests"):
            found = self._api.get_repo_discussions(
                self.repository,
                discussion_type="pull_request",
                discussion_status="open",
                repo_type=_KIND,
            )
            return {str(item.git_reference): item.url for item in found if item.title == title}

    def _release(self, revision: str) -> PublishedRelease:
        with self._errors(f"reading {METADATA_FILE}"), tempfile.TemporaryDirectory() as folder:
            path = self._api.hf_hub_download(
                self.repository,
                METADATA_FILE,
                repo_type=_KIND,
                revision=revision,
                cache_dir=folder,
            )
            data = Path(path).read_bytes()
        try:
            values: Any = json.loads(data)
            return PublishedRelease.model_validate(
                {name: values[name] for name in PublishedRelease.model_fields}
            )
        except (ValueError, KeyError, TypeError, ValidationError):
            raise ContractError(
                f"the {METADATA_FILE} on the Hub is not one of claimset",
                where=f"{self.url}/blob/{revision}/{METADATA_FILE}",
                remedy="publish to another repository, or put the file in order there",
            ) from None

    @contextmanager
    def _errors(self, doing: str) -> Iterator[None]:
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError  # noqa: PLC0415

        # The root of what the HTTP library raises, whichever one huggingface_hub uses.
        transport: type[BaseException] = HfHubHTTPError.__bases__[0]
        where = f"{doing}, {self.url}"
        try:
            yield
        except HFValidationError as error:
            raise UsageError(
                f"the Hub takes no repository of this name: {error}",
                where="--repo or hub_repo",
                remedy="use ORG/NAME: letters, digits, dots, hyphens",
            ) from error
        except (transport, OSError, RuntimeError, ValueError) as error:
            # A large file's failure comes as the cause of a RuntimeError.
            cause = error if isinstance(error, HfHubHTTPError) else error.__cause__ or error
            if isinstance(cause, HfHubHTTPError):
                status = cause.response.status_code
                said = cause.server_message or str(cause).strip().splitlines()[0]
                raise HubError(
                    f"the Hub refuses: {said} (status {status})",
                    where=where,
                    remedy=_REMEDIES.get(status, _AGAIN),
                    status=status,
                ) from error
            if isinstance(error, ValueError) and CARD_FILE in str(error):
                raise ContractError(
                    f"the Hub does not accept the card: {error}",
                    where=where,
                    remedy="correct what makes the card, and build again",
                ) from error
            raise HubError(
                f"the Hub cannot be reached or understood: {type(cause).__name__}: {cause}",
                where=where,
                remedy=_AGAIN,
            ) from error
