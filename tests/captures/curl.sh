#!/bin/sh
# Replays the webhooks.
set -e
curl http://localhost:8080/webhooks/mews --json @- <<'END'
{
  "Action": "IntegrationCreated",
  "Data": {
    "Enterprise": {
      "Id": "8865aa96-f62d-4f9b-a912-ab2100f60f42",
      "Name": "Sample Chain Hotel 1"
    },
    "Service": {
      "Id": "9745ce3a-8dbb-4cc0-a550-55f9ff67b242",
      "Name": "Accommodation"
    },
    "Requestor": {
      "Name": "Mews Integrations",
      "Email": "integrations@mewssystems.com"
    },
    "AccessToken": "9E5E84E9974D4F169662AB2200F27CB1-00B343A0DDA725CACAC028E38E3EABF",
    "CreatedUtc": "2019-12-13T14:42:52Z",
    "IsEnabled": true,
    "Integration": {
      "Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1",
      "Name": "WebhookTEST"
    }
  }
}
END
curl -X POST http://localhost:8080/webhooks/mews \
  -H 'Content-Type: application/json' \
  -d '{"EnterpriseId":"851df8c8-90f2-4c4a-8e01-a4fc46b25178","IntegrationId":"c8bee838-7fb1-4f4e-8fac-ac87008b2f90","Events":[{"Discriminator":"ServiceOrderUpdated","Value":{"Id":"bfee2c44-1f84-4326-a862-5289598f6e2d"}},{"Discriminator":"CustomerAdded","Value":{"Id":"35d4b117-4e60-44a3-9580-c582117eff98"}}]}'
curl http://localhost:8080/webhooks/mews --json @- <<'END'
{
  "Action": "IntegrationEnabled",
  "Data": {
    "Integration": {
      "Id": "9e5e84e9-974d-4f16-9662-ab2200f27cb1",
      "Name": "Zimmer für Jörg"
    }
  }
}
END
curl -X POST http://localhost:8080/webhooks/mews \
  -H 'Content-Type: application/json' \
  -d '{"data":{"id":"e194c497-f601-49c7-b952-08f329a5779e","type":"orders","attributes":{"state":"paid","updatedAt":"2025-09-25T11:24:24.344Z"}},"meta":{"eventType":"order.state.updated"}}'
curl http://localhost:8080/webhooks/mews --json @- <<'END'
{
  "EnterpriseId": "851df8c8-90f2-4c4a-8e01-a4fc46b25178",
  "IntegrationId": "c8bee838-7fb1-4f4e-8fac-ac87008b2f90",
  "Events": [
    {
      "Discriminator": "ResourceUpdated",
      "Value": {
        "Id": "not-a-uuid-1"
      }
    }
  ]
}
END
curl -X POST http://localhost:8080/webhooks/mews \
  -H 'Content-Type: application/json' \
  -d '{"Action":"IntegrationDisabled","Data":{"Integration":{"Name":"Bar \"Zum Löwen\" \\ Küche\n😀","Id":"not-a-uuid-2"}}}'
