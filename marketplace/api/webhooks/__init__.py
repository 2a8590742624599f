"""`/v1/webhooks`, and the section `webhooks` of the OpenAPI document."""
