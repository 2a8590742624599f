// Shows the OpenAPI document with Swagger UI. It sends no request but the one for the document.

const node = document.querySelector("#api");
globalThis.SwaggerUIBundle({
  domNode: node,
  url: node.dataset.url,
  // Without the online validator, and without buttons that send requests.
  validatorUrl: null,
  supportedSubmitMethods: [],
});
