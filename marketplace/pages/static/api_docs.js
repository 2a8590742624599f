// Shows the OpenAPI document with Swagger UI. It sends no request but the one for the document.

const node = document.querySelector("#api");
globalThis.SwaggerUIBundle({
  domNode: node,
  url: node.dataset.url,
  // Without the online validator, and without buttons that send requests.
  validatorUrl: null,
  supportedSubmitMethods: [],
  // Swagger UI leaves out a level: the groups follow the title, and their parts follow them.
  onComplete: () => {
    for (const heading of node.querySelectorAll("h3, h4")) {
      heading.setAttribute("aria-level", String(Number(heading.localName.slice(1)) - 1));
    }
  },
});
