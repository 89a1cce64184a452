package org.ntk4j.shell;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.DocTrees;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The Javadoc comments of this program's own classes, from the sources that lie in its jar under {@code sources/}. */
final class SourceComments {

    /** {@code Kernel Network.ntk(Inputs x)}, {@code org.ntk4j.network.Network}: the name, and what is between the brackets. */
    private static final Pattern SIGNATURE = Pattern.compile("(?:.*\\s)?([\\w.]+)(?:<[^(]*>)?(?:\\((.*)\\).*)?");

    private final List<String> packages;

    /** Comments of classes of these packages. */
    SourceComments(List<String> packages) {
        this.packages = packages;
    }

    /** The comment of a method or class by its signature; empty if it has none, or its source is not there. */
    Optional<String> of(String signature) {
        Matcher parts = SIGNATURE.matcher(signature);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String name = parts.group(1);
        String parameters = parts.group(2);
        String owner = parameters == null ? name : name.substring(0, Math.max(0, name.lastIndexOf('.')));
        String member = parameters == null ? "" : name.substring(name.lastIndexOf('.') + 1);
        return source(owner).flatMap(text -> comment(text, owner.substring(owner.lastIndexOf('.') + 1), member,
                parameters == null ? "" : parameters));
    }

    /** The source of a class, nested or not, by its name with or without its package. */
    private Optional<String> source(String owner) {
        String path = owner.replace('.', '/');
        List<String> outer = Stream.iterate(path, p -> !p.isEmpty(), p -> p.substring(0, Math.max(0, p.lastIndexOf('/')))).toList();
        return outer.stream().flatMap(p -> Stream.concat(Stream.of(p), packages.stream().map(in -> in.replace('.', '/') + "/" + p)))
                .map(SourceComments::read).flatMap(Optional::stream).findFirst();
    }

    private static Optional<String> read(String path) {
        try (InputStream in = SourceComments.class.getResourceAsStream("/sources/" + path + ".java")) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> comment(String source, String type, String member, String parameters) {
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///Source.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler().getTask(null, null, problem -> { }, List.of("-proc:none"), null,
                List.of(file));
        Search search = new Search(DocTrees.instance(task), type, member, plain(parameters));
        try {
            for (CompilationUnitTree unit : task.parse()) {
                search.scan(unit, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Optional.ofNullable(search.comment);
    }

    /** Parameters without packages and blanks: {@code double[][]rows,int...shape}. */
    private static String plain(String parameters) {
        return parameters.replaceAll("\\b[a-z]\\w*\\.(?=\\w)", "").replaceAll("@\\w+\\s+|\\s", "");
    }

    private static final class Search extends TreePathScanner<@Nullable Void, @Nullable Void> {

        private final DocTrees trees;
        private final String type;
        private final String member;
        private final String parameters;
        private @Nullable String comment;

        Search(DocTrees trees, String type, String member, String parameters) {
            this.trees = trees;
            this.type = type;
            this.member = member;
            this.parameters = parameters;
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
            if (member.isEmpty() && tree.getSimpleName().contentEquals(type)) {
                comment = trees.getDocComment(getCurrentPath());
            }
            return super.visitClass(tree, nothing);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
            Tree owner = Objects.requireNonNull(getCurrentPath().getParentPath()).getLeaf();
            boolean constructor = tree.getName().contentEquals("<init>");
            if (owner instanceof ClassTree in && in.getSimpleName().contentEquals(type)
                    && tree.getName().contentEquals(constructor ? "<init>" : member)
                    && plain(tree.getParameters().stream().map(String::valueOf).collect(Collectors.joining(","))).equals(parameters)) {
                comment = trees.getDocComment(getCurrentPath());
            }
            return null;
        }
    }
}
