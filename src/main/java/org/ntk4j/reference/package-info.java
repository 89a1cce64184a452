/**
 * The reference: every key, layer, metric and column with its type, default and meaning, read from one source (the YAML files beside
 * this package's classes) and shown in three ways: in a terminal, as pages, as a JSON Schema. It knows nothing of what it describes;
 * a test compares both.
 */
package org.ntk4j.reference;
