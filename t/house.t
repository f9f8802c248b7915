# The house keeps its order: rooms that know nothing of nginx, libraries that
# one file owns, arrows that point one way, files one can see across. Each rule
# is also run on a small house with one fault in it, which it has to find.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Find ();
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;

my $root = abs_path(dirname(__FILE__) . '/..');

# What the rooms may include of each other. consentctl and the shell see all;
# the rooms between them and policy do not know each other.
my %arrows = (
    base => [], policy => ['base'], ctl => ['*'], nginx => ['*'],
    map { ($_ => ['base', 'policy']) }
        qw(identity minimize disclose ledger pages cluster),
);
my %knows_nginx = (nginx => 1);

my @flags = qw(-std=c11 -D_GNU_SOURCE -Wall -Wextra -Wconversion -Werror
    -fsyntax-only);

# header patterns of the libraries that a file of ours may own
my %libraries = (OpenSSL => qr{^openssl/}, libjwt => qr{^jwt\.h$},
    LMDB => qr{^lmdb\.h$}, zlib => qr{^(?:zlib|zconf)\.h$},
    hiredis => qr{^hiredis}, Vectorscan => qr{^hs/|^hs\.h$});

my %own = map { ("$_.h" => 1) } qw(assert ctype dirent endian err errno fcntl
    float fts getopt glob grp immintrin inttypes iso646 langinfo limits locale math
    netdb poll pthread pwd regex sched setjmp signal stdalign stdarg stdatomic
    stdbool stddef stdint stdio stdlib stdnoreturn string strings syslog
    termios threads time unistd wchar arpa/inet emmintrin net/if netinet/in
    netinet/tcp sys/file sys/ioctl sys/mman sys/random sys/resource sys/select
    sys/socket sys/stat sys/statvfs sys/syscall sys/time sys/types sys/uio
    sys/un sys/wait x86intrin ngx_config ngx_core ngx_http ngx_event
    ngx_thread_pool);

# written so that this file does not hold them itself
my @words = map { qr/$_/i } '\bTO[D]O\b', '\bFIX[M]E\b', '\bXX[X]\b',
    '\bHAC[K]\b', '\bfor n[o]w\b', '\bsimplif[i]ed\b', '\bnot implem[e]nted\b',
    '(?<![\w-])stu[b]s?\b', '\.\./sha[r]ed', '/wo[r]k/main', '\bissue #?\d',
    '\bthis ses[s]ion\b';


sub files {
    my ($dir) = @_;

    my @files;

    File::Find::find({ no_chdir => 1, wanted => sub {
        my $name = basename($_);
        if (-d && $_ ne $dir && $name =~ /^(?:\.git|build.*|node_modules)$/) {
            $File::Find::prune = 1;
            return;
        }
        push @files, substr $_, 1 + length $dir if -f && -T _
            && $name !~ /^(?:package-lock\.json|LICENSE|\.git)$/;
    } }, $dir);

    return sort @files;
}


sub lines {
    my ($dir, $file) = @_;

    open my $f, '<', "$dir/$file" or die "$file: $!\n";

    return <$f>;
}


sub room { return $_[0] =~ m{^src/(\w+)/} ? $1 : '' }


sub sources {
    my ($dir) = @_;

    return grep { m{^src/.*\.[ch]$} || m{^ngx_consent_module\.c$} } files($dir);
}


# Every source of a plain room, and every header by itself, compiles in C11
# with all warnings, where no header of nginx's is to be found.
sub compiles {
    my ($dir, $cc) = @_;

    my @plain = grep { room($_) && !$knows_nginx{room($_)} } sources($dir);
    my $alone = tempdir(CLEANUP => 1);
    my @units = map { "$dir/$_" } grep { /\.c$/ } @plain;

    for (grep { /\.h$/ } @plain) {
        my $unit = "$alone/" . s{/}{_}gr . '.c';
        open my $f, '>', $unit or die "$unit: $!\n";
        print $f '#include "', s{^src/}{}r, "\"\n";
        print $f "typedef int  consent_house_t;\n";
        close $f;
        push @units, $unit;
    }

    return unless @units;

    my $said = qx{$cc @flags -I $dir/src @units 2>&1};

    return $? ? grep { /error|warning/ } split /\n/, $said : ();
}


sub names_nginx {
    my ($dir) = @_;

    return map { my $file = $_;
        map { "$file: $_" } grep { /\bngx_(?!consent\b)/i } lines($dir, $file) }
        grep { room($_) && !$knows_nginx{room($_)} } sources($dir);
}


sub arrows {
    my ($dir) = @_;

    my @faults;

    for my $file (sources($dir)) {
        my $room = room($file) or next;
        my %may = map { ($_ => 1) } $room, @{$arrows{$room} // []};

        push @faults, "$file: no such room is known" unless $arrows{$room};

        for (lines($dir, $file)) {
            my ($other) = m{^\s*#\s*include\s+"(\w+)/} or next;
            push @faults, "$file: $_" if !$may{$other}
                && !($may{'*'} && ($room eq 'nginx' || !$knows_nginx{$other}));
        }
    }

    return @faults;
}


sub libraries {
    my ($dir) = @_;

    my (%owner, @faults);

    for my $file (sources($dir)) {
        for (lines($dir, $file)) {
            my ($header) = /^\s*#\s*include\s+<([^>]+)>/ or next;
            next if $own{$header};

            my ($library) = grep { $header =~ $libraries{$_} } keys %libraries;

            if ($library) {
                $owner{$library}{$file} = 1;
            } else {
                push @faults, "$file: <$header> is of no known library";
            }
        }
    }

    for (sort keys %owner) {
        my @files = sort keys %{$owner{$_}};
        push @faults, "$_ is included by @files" if @files > 1;
        push @faults, "$_ is included by a header: @files"
            if grep { /\.h$/ } @files;
    }

    return @faults;
}


sub lengths {
    my ($dir) = @_;

    my @faults;

    for my $file (files($dir)) {
        next if $file =~ m{(?:corpus|vectors)/|\.(?:json|html|md|svg)$};

        my @lines = lines($dir, $file);
        push @faults, "$file has " . @lines . ' lines' if @lines > 600;

        next unless $file =~ /\.[ch]$/;
        for (0 .. $#lines) {
            my $line = $lines[$_];
            chomp $line;
            utf8::decode($line);
            push @faults, "$file:" . ($_ + 1) . ' is wider than 130 columns'
                if length $line > 130;
            push @faults, "$file:" . ($_ + 1) . ' has a tab or ends in space'
                if $line =~ /\t|\s$/;
        }
    }

    return @faults;
}


sub words {
    my ($dir) = @_;

    my @faults;

    for my $file (files($dir)) {
        next if $file =~ m{(?:corpus|vectors)/};

        for my $line (lines($dir, $file)) {
            push @faults, "$file: $line" if grep { $line =~ $_ } @words;
        }
    }

    return @faults;
}


# A house with the given files.
sub house {
    my (%files) = @_;

    my $dir = tempdir(CLEANUP => 1);

    for (keys %files) {
        make_path(dirname("$dir/$_"));
        open my $f, '>', "$dir/$_" or die "$_: $!\n";
        print $f $files{$_};
        close $f;
    }

    return $dir;
}


sub clean {
    my ($what, @faults) = @_;

    ok(!@faults, $what) or diag(join "\n", map { chomp(my $f = $_); $f }
        splice @faults, 0, 20);
}


sub finds {
    my ($check, $what, %files) = @_;

    ok(scalar($check->(house(%files))), "control: $what");
}


ok(scalar(sources($root)), 'there are sources to look at');

for my $cc ('gcc', 'clang') {
    clean("plain rooms compile without nginx, $cc", compiles($root, $cc));
    finds(sub { my @f = compiles($_[0], $cc); @f }, "a warning, $cc",
        'src/base/a.c' => "int f(long n);\nint\nf(long n)\n{\n"
        . "    return n;\n}\n");
    finds(sub { my @f = compiles($_[0], $cc); @f }, "a nginx header, $cc",
        'src/pages/a.h' => "#include <ngx_config.h>\n");
    finds(sub { my @f = compiles($_[0], $cc); @f },
        "a header that needs another, $cc",
        'src/pages/a.h' => "size_t  f(void);\n");
}

my $fine = "#include <zlib.h>\n#include \"base/base.h\"\n";

clean('plain rooms name nothing of nginx', names_nginx($root));
finds(sub { my @f = names_nginx($_[0]); @f }, 'a name of nginx',
    'src/ctl/a.c' => "typedef ngx_int_t  a_t;\n");

clean('arrows point one way', arrows($root));
finds(sub { my @f = arrows($_[0]); @f }, $_->[1], $_->[0] => $_->[2])
    for ['src/base/a.c', 'base knows policy', "#include \"policy/p.h\"\n"],
        ['src/pages/a.c', 'neighbours', "#include \"ledger/l.h\"\n"],
        ['src/ctl/a.c', 'the tool knows the shell', "#include \"nginx/n.h\"\n"],
        ['src/attic/a.c', 'a room of no plan', "\n"];
ok(!arrows(house('src/ctl/a.c' => "#include \"ledger/l.h\"\n",
    'src/pages/a.c' => $fine)), 'control: a house in order');

clean('each library has one file of ours', libraries($root));
finds(sub { my @f = libraries($_[0]); @f }, 'two owners',
    'src/base/a.c' => $fine, 'src/pages/b.c' => $fine);
finds(sub { my @f = libraries($_[0]); @f }, 'a header as owner',
    'src/base/a.h' => $fine);
finds(sub { my @f = libraries($_[0]); @f }, 'a library of no plan',
    'src/base/a.c' => "#include <curl/curl.h>\n");
ok(!libraries(house('src/base/a.c' => $fine)), 'control: a house in order');

clean('a file is a room one can see across', lengths($root));
finds(sub { my @f = lengths($_[0]); @f }, 'a long file',
    't/a.t' => "1;\n" x 601);
finds(sub { my @f = lengths($_[0]); @f }, 'a wide line',
    'src/base/a.c' => '/' x 131 . "\n");
ok(!lengths(house('src/base/a.c' => '/' x 130 . "\n" . "\n" x 599)),
    'control: a house in order');

clean('nothing is left for later, or speaks of more than the project',
    words($root));
finds(sub { my @f = words($_[0]); @f }, "the word $_",
    'docs/a.md' => "a\n$_: later\n")
    for 'TO' . 'DO', 'for n' . 'ow', 'a st' . 'ub', '../sha' . 'red/x',
        'iss' . 'ue 7';
ok(!words(house('a.c' => "stub_status, issued, worksheet\n")),
    'control: words that only look like them');

done_testing;
