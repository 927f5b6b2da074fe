// Shows one of the two descriptions with Swagger UI, which is loaded before this file.
const forms = ["api", "rest"];
const asked = new URLSearchParams(window.location.search).get("form");
const form = forms.includes(asked) ? asked : "api";
const url = `openapi/${form}.json`;

document.querySelector(`[data-form="${form}"]`).setAttribute("aria-current", "page");
document.getElementById("source").href = url;
document.title = `Content Library API, /${form}`;

/** The document without the cookie: a page can not send one by hand, and Swagger UI would overwrite the browser's own. */
const withoutCookie = (description) => {
  const isCookie = (name) => description.components?.securitySchemes?.[name]?.in === "cookie";
  const kept = (requirements) =>
    requirements.filter((one) => !Object.keys(one).some((name) => isCookie(name)));
  for (const operations of Object.values(description.paths ?? {}))
    for (const operation of Object.values(operations))
      if (operation.security) operation.security = kept(operation.security);
  for (const name of Object.keys(description.components?.securitySchemes ?? {}))
    if (isCookie(name)) delete description.components.securitySchemes[name];
  return description;
};

window.SwaggerUIBundle({
  url,
  dom_id: "#docs",
  deepLinking: true,
  docExpansion: "list",
  filter: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  persistAuthorization: false,
  queryConfigEnabled: false,
  validatorUrl: null,
  withCredentials: false,
  // The browser would add the cookie of a login by itself; a reader who wants to be somebody says so.
  requestInterceptor: (request) => {
    request.credentials = "omit";
    return request;
  },
  plugins: [
    {
      statePlugins: {
        spec: {
          wrapActions: { updateJsonSpec: (update) => (spec) => update(withoutCookie(spec)) },
        },
      },
    },
  ],
});
