/**
 * Values of this program in a Jupyter notebook. Of use only inside the Java kernel JJava, which brings the classes that this package
 * needs.
 */
@org.jspecify.annotations.NullMarked
package org.ntk4j.jupyter;
