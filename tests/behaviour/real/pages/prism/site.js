Prism.hooks.add('complete', function (env) { env.element.setAttribute('data-done', env.language); });
