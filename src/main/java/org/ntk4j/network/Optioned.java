package org.ntk4j.network;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What has withers for the options of every shortcut, and refuses those that its own has not: an {@code mlp} has no {@code heads}. What is
 * offered where one types leaves them out.
 */
public interface Optioned {

    /** The options that it has, by their names in YAML; none where its network is a list of layers. */
    Set<String> options();

    /** The options of all shortcuts that this one refuses. */
    static Set<String> refusedBy(Optioned one) {
        Set<String> own = one.options();
        return Grammar.shortcuts().stream().flatMap(name -> Grammar.options(name).stream())
                .filter(option -> !own.contains(option)).collect(Collectors.toUnmodifiableSet());
    }

    /** A network as a factory of this name gives it; empty if there is no such shortcut. */
    static Optional<Optioned> ofShortcut(String name) {
        return Grammar.shortcuts().contains(name) ? Optional.of(Network.shortcut(name)) : Optional.empty();
    }
}
