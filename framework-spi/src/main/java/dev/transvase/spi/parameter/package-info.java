/** How a plugin describes the parameters of its steps and data sources: the framework binds, checks and documents them from it. */
package dev.transvase.spi.parameter;
