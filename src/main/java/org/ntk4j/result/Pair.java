package org.ntk4j.result;

/** What is compared with what. */
public record Pair(Subject subject, Subject reference) {
}
