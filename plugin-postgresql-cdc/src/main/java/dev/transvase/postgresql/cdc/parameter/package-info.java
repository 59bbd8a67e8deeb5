/** What a job file says of the change reader. Every other package of the plugin may read it; it calls none of them. */
package dev.transvase.postgresql.cdc.parameter;
