package banger.daemon.os;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why something could not be done with a file, in words: the messages of Java's exceptions often are the path alone. */
public final class Reason {
    private Reason() {}

    public static String of(IOException e) {
        return switch (e) {
            case NoSuchFileException gone -> about(gone, "there is no such file");
            case AccessDeniedException denied -> about(denied, "permission denied");
            case FileAlreadyExistsException there -> about(there, "it is there already");
            case NotDirectoryException file -> about(file, "it is no folder");
            case DirectoryNotEmptyException folder -> about(folder, "the folder is not empty");
            case CharacterCodingException coding -> "it is not UTF-8 text";
            default -> String.valueOf(e.getMessage());
        };
    }

    private static String about(FileSystemException e, String words) {
        return e.getFile() == null ? words : e.getFile() + ": " + words;
    }
}
