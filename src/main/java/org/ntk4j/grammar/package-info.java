/**
 * Reading YAML and JSON with source positions: {@link org.ntk4j.grammar.Document} makes a tree of
 * {@link org.ntk4j.grammar.Entry}, {@link org.ntk4j.grammar.Options} reads typed values out of it and collects every
 * {@link org.ntk4j.grammar.Mistakes mistake} with its place, what is allowed and the nearest name. No object is ever made
 * from a tag.
 */
package org.ntk4j.grammar;
