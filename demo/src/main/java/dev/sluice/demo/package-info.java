/** What {@code sluice demo} does: the main job between two PostgreSQL servers that it starts for the purpose. */
package dev.sluice.demo;
