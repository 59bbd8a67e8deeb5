/** JSON as people write it: values are found by their path, and changed with everything around them left byte for byte. */
package dev.transvase.ui.json;
