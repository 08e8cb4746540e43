"""The signed routes: who asks is proved before a body is read, and the body is compared before it is used."""

from typing import Any

from sync.server import auth, receiving
from sync.server.exchange import Endpoint, Exchange, Reply
from sync.server.refusals import Refusal
from sync.server.requests import Call, Signed
from sync.server.service import Service


class SignedEndpoint(Endpoint):
    """One signed request of sync/server/requests.py."""

    def __init__(self, service: Service, request: Signed) -> None:
        """For one server."""
        super().__init__(service)
        self._request = request

    async def answer(self, exchange: Exchange) -> Reply:
        """Headers, signature, limits, body, and then what it asks for."""
        size = receiving.declared(exchange.headers, self._request.most)
        with self.service.devices.one():
            requester, claim = await self._requester(exchange)
            self.service.device_buckets.take(requester.device)
            if requester.notice is not None:
                raise Refusal("removed", notice=requester.notice)
            async with self.service.room.of(size):
                return await self._done(exchange, requester, claim, size)

    async def _requester(self, exchange: Exchange) -> tuple[auth.Requester, auth.Claim]:
        service = self.service
        try:
            claim = auth.read_claim(exchange.scope["method"], exchange.path, exchange.query, exchange.header)
            requester = await service.in_thread(auth.verify, service.storage, claim)
        except auth.WrongNonce as wrong:
            exchange.next_nonce = wrong.next_nonce
            raise Refusal("nonce") from None
        except Refusal:
            # a device's own bucket is for those who proved to be it
            service.open_bucket.take()
            raise
        exchange.next_nonce = requester.next_nonce
        return requester, claim

    async def _done(self, exchange: Exchange, requester: auth.Requester, claim: auth.Claim, size: int) -> Reply:
        service = self.service
        body, digest = await exchange.body(size)
        auth.check_digest(claim, digest)
        path: dict[str, Any] = exchange.scope.get("path_params", {})
        call = Call(
            storage=service.storage,
            receipts=service.receipts,
            month=service.month,
            day=service.day,
            device=requester.device,
            account=requester.account,
            key=requester.key,
            body=body,
            path=path,
            query=exchange.query,
        )
        # only `call` may hold it, so that it goes when the handler takes it
        del body
        answer = await service.in_thread(self._request.handler, call)
        return Reply(answer.status, answer.body)
