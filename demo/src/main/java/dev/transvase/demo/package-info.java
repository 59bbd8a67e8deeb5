/** What {@code transvase demo} does: the main job between two PostgreSQL servers that it starts for the purpose. */
package dev.transvase.demo;
