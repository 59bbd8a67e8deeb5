/** The REST API below {@code /api/v1}: one class for each kind of thing, and its description as OpenAPI. */
package dev.transvase.ui.api;
