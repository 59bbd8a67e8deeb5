/** What the core and the plugins say: step types, findings of a check, how columns travel, first records, streams of changes. */
package dev.transvase.ui.plan;
