/**
 * The vocabulary of space: the {@link org.ntk4j.shape.Shape} of an input, and the {@link org.ntk4j.shape.Stencil} that says which
 * positions a position looks at; a {@link org.ntk4j.shape.Window} is one.
 */
package org.ntk4j.shape;
