/// `GET /openapi.json`: OpenAPI 3.1 of both services, generated from the models.
@NullMarked
package io.headwater.query.openapi;

import org.jspecify.annotations.NullMarked;
