package Consent::Test::Upstream;

# A server behind nginx that records every request byte for byte and answers
# as it is told. It speaks HTTP/1.x, FastCGI, uwsgi, SCGI or gRPC. Consent::Test's
# upstream() makes one.
#
# What it answers is a hash, or a function that is given the request and
# returns such a hash (it runs in the server's process, one for each
# connection):
#
#   status, reason   200, OK
#   headers          [name => value, ...]
#   body             bytes; Content-Length is set
#   chunked          1: chunked instead, each of pieces= one chunk
#   pieces           [bytes, ...] in place of body, sent one by one
#   delay            seconds before each piece but the first
#   gzip             1: body is sent gzipped
#   length           another Content-Length than the body's (cut off, if larger)
#   close            1: the connection is closed after it
#   raw              the exact bytes to answer with, then closed
#
# Without a hash the connection is closed without an answer.
#
#   $up->requests    all requests so far, each a Consent::Test::Request
#   $up->last        the latest
#   $up->clear       forgets them
#   $up->answer({})  what it answers from now on
#   $up->stop

use strict;
use warnings;

use Fcntl qw(:flock);
use IO::Socket::INET;
use Storable ();
use Time::HiRes qw(sleep);

use Consent::Test::Client;
use Consent::Test::HTTP2;

my %SPEAKS = (http => \&http, fastcgi => \&fastcgi, uwsgi => \&uwsgi,
    scgi => \&scgi, grpc => \&grpc);


sub new {
    my ($class, %o) = @_;

    my $self = bless { port => $o{port}, log => $o{log}, pid => undef,
        file => "$o{log}.answer", speak => $SPEAKS{$o{type} // 'http'} },
        $class;

    die "upstream: no type $o{type}\n" unless $self->{speak};

    $self->clear;
    $self->answer(ref $o{answer} eq 'CODE' ? {} : $o{answer});
    $self->{code} = $o{answer} if ref $o{answer} eq 'CODE';

    my $listen = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
        LocalPort => $o{port}, Listen => 128, ReuseAddr => 1)
        or die "listen on port $o{port}: $!\n";

    $self->{pid} = fork() // die "fork: $!\n";
    return $self if $self->{pid};

    setpgrp;
    $SIG{CHLD} = 'IGNORE';
    $SIG{PIPE} = 'IGNORE';
    $SIG{TERM} = 'DEFAULT';
    $SIG{INT} = 'IGNORE';

    while (1) {
        my $sock = $listen->accept or next;
        my $pid = fork();

        if (defined $pid && !$pid) {
            close $listen;
            eval {
                $sock->autoflush(1);
                my $client = bless { sock => $sock, in => '' },
                    'Consent::Test::Client';
                local $Consent::Test::Client::TIMEOUT = 120;
                $self->{speak}->($self, $client);
                1;
            } or $self->note($@);
            close $sock;
            require POSIX;
            POSIX::_exit(0);
        }

        close $sock;
    }
}


sub stop {
    my ($self) = @_;

    my $pid = delete $self->{pid} or return;

    local $?;
    kill 'TERM', -$pid, $pid;
    waitpid $pid, 0;
}


sub port { return $_[0]{port} }


sub answer {
    my ($self, $answer) = @_;

    my $new = "$self->{file}.new";

    Storable::store($answer // {}, $new);
    rename $new, $self->{file} or die "rename: $!\n";
}


sub clear {
    my ($self) = @_;

    open my $f, '>', $self->{log} or die "$self->{log}: $!\n";
}


sub record {
    my ($self, $request) = @_;

    $request->{connection} = $$;

    open my $f, '>>:raw', $self->{log} or die "$self->{log}: $!\n";
    flock $f, LOCK_EX;
    syswrite $f, pack 'N/a*', Storable::freeze($request);
    close $f;

    return $self->{code}
        ? $self->{code}->(bless $request, 'Consent::Test::Request')
        : Storable::retrieve($self->{file});
}


# What went wrong in a connection's process becomes a record that requests()
# dies of: a test shall not pass over it.
sub note {
    my ($self, $error) = @_;

    return if $error =~ /timed out/;

    open my $f, '>>:raw', $self->{log} or return;
    flock $f, LOCK_EX;
    syswrite $f, pack 'N/a*', Storable::freeze({ error => $error });
}


sub requests {
    my ($self) = @_;

    open my $f, '<:raw', $self->{log} or die "$self->{log}: $!\n";
    flock $f, LOCK_SH;
    my $all = do { local $/; <$f> } // '';

    my @requests = map { bless Storable::thaw($_), 'Consent::Test::Request' }
        unpack '(N/a*)*', $all;

    for (@requests) {
        die "upstream: $_->{error}" if $_->{error};
    }

    return @requests;
}


sub last {
    my ($self) = @_;

    return ($self->requests)[-1];
}


# The bytes of an answer, split into pieces that go out one by one.
sub pieces {
    my ($a, $status_line) = @_;

    my @headers = @{$a->{headers} // []};
    my @pieces = $a->{pieces} ? @{$a->{pieces}}
        : $a->{chunked} && !length($a->{body} // '') ? () : $a->{body} // '';

    utf8::is_utf8($_) && utf8::encode($_) for @pieces;

    if ($a->{gzip}) {
        require Compress::Zlib;
        @pieces = (Compress::Zlib::memGzip(join '', @pieces));
        push @headers, 'Content-Encoding', 'gzip';
    }

    if ($a->{chunked}) {
        push @headers, 'Transfer-Encoding', 'chunked';
        @pieces = map { sprintf("%x\r\n", length) . "$_\r\n" } @pieces;
        push @pieces, "0\r\n\r\n" unless $a->{close};

    } elsif (!$a->{pieces} || !$a->{close} || defined $a->{length}) {
        push @headers, 'Content-Length',
            $a->{length} // length join '', @pieces
            unless ($a->{status} // 200) =~ /^(1..|204|304)$/;
    }

    push @headers, 'Connection', 'close' if $a->{last};

    my $head = $status_line;

    while (my ($name, $value) = splice @headers, 0, 2) {
        $head .= "$name: $value\r\n";
    }

    $head .= "\r\n";

    # all that needs no waiting is sent at once
    return $a->{delay} ? ($head . (shift @pieces // ''), @pieces)
        : join '', $head, @pieces;
}


sub give {
    my ($client, $a, @pieces) = @_;

    $client->send(shift @pieces);

    for (@pieces) {
        sleep($a->{delay});
        $client->send($_);
    }
}


sub need {
    my ($client, $n) = @_;

    while (length $client->{in} < $n) {
        $client->fill or die "cut off: $n bytes wanted, "
            . length($client->{in}) . " there\n";
    }

    return substr $client->{in}, 0, $n, '';
}


# All up to and with a mark, or undef at the end of the connection.
sub upto {
    my ($client, $mark) = @_;

    my $at;

    while (($at = index $client->{in}, $mark) < 0) {
        $client->fill or return undef;
    }

    return need($client, $at + length $mark);
}


sub http {
    my ($self, $client) = @_;

    while (1) {
        my $raw = upto($client, "\r\n\r\n") // return;
        my ($line, @lines) = split /\r\n/, $raw;
        my ($method, $uri, $version) = split / /, $line;
        my $r = { method => $method, uri => $uri, version => $version,
            fields => [map { [split /:[ \t]*/, $_, 2] } @lines], body => '' };
        my %h = map { (lc $_->[0], $_->[1]) } @{$r->{fields}};

        if (($h{'transfer-encoding'} // '') =~ /chunked/i) {
            while (1) {
                my $head = upto($client, "\r\n") // return;
                my ($size) = $head =~ /^([0-9a-f]+)/i;
                my $chunk = need($client, 2 + hex($size // 0));

                $raw .= $head . $chunk;
                $r->{body} .= substr $chunk, 0, -2;
                last if hex($size // 0) == 0;
            }

        } elsif ($h{'content-length'}) {
            $r->{body} = need($client, $h{'content-length'});
            $raw .= $r->{body};
        }

        $r->{raw} = $raw;
        my $a = $self->record($r) or return;

        if (defined $a->{raw}) {
            $client->send($a->{raw});
            return;
        }

        $a = { %$a, headers => ['Content-Type', 'text/plain',
            @{$a->{headers} // []}] }
            unless grep { /^content-type$/i } @{$a->{headers} // []};

        my $last = $a->{close} || defined $a->{length}
            || ($h{connection} // '') =~ /close/i
            || ($version eq 'HTTP/1.0'
                && ($h{connection} // '') !~ /keep-alive/i);

        my @pieces = pieces({ %$a, last => $last }, 'HTTP/1.1 ' . ($a->{status} // 200) . ' '
            . ($a->{reason} // 'OK') . "\r\n");

        if ($method eq 'HEAD') {
            @pieces = $pieces[0] =~ /^(.*?\r\n\r\n)/s;
        }

        give($client, $a, @pieces);

        return if $last;
    }
}


# A request of the CGI family, from its parameters.
sub cgi {
    my ($params, $body, $raw) = @_;

    my %p = @$params;
    my @fields;

    for (my $i = 0; $i < @$params; $i += 2) {
        next unless $params->[$i] =~ /^HTTP_(.*)/;
        push @fields, [$1 =~ tr/_/-/r, $params->[$i + 1]];
    }

    return { method => $p{REQUEST_METHOD}, uri => $p{REQUEST_URI},
        version => $p{SERVER_PROTOCOL}, fields => \@fields, body => $body,
        params => \%p, raw => $raw };
}


sub status_line {
    my ($a) = @_;

    return "Status: " . ($a->{status} // 200) . " " . ($a->{reason} // 'OK')
        . "\r\n" . (grep({ /^content-type$/i } @{$a->{headers} // []}) ? ''
            : "Content-Type: text/plain\r\n");
}


sub fastcgi {
    my ($self, $client) = @_;

    my ($raw, $params, $body, $id) = ('', '', '');

    while (1) {
        my $head = need($client, 8);
        my ($type, $length, $pad);

        (undef, $type, $id, $length, $pad) = unpack 'CCnnC', $head;
        my $content = need($client, $length);
        $raw .= $head . $content . need($client, $pad);

        $params .= $content if $type == 4;
        $body .= $content if $type == 5;
        last if $type == 5 && !$length;
    }

    my @params;

    while (length $params) {
        my @n = map { my $n = ord $params;
            $n < 128 ? ord substr $params, 0, 1, ''
                : unpack('N', substr $params, 0, 4, '') & 0x7fffffff } 1, 2;
        push @params, map { substr $params, 0, $_, '' } @n;
    }

    my $a = $self->record(cgi(\@params, $body, $raw)) or return;
    my $out = defined $a->{raw} ? $a->{raw}
        : join '', pieces({ %$a, delay => 0 }, status_line($a));

    while (length $out) {
        my $part = substr $out, 0, 32768, '';
        $client->send(pack('CCnnCC', 1, 6, $id, length $part, 0, 0) . $part);
    }

    $client->send(pack('CCnnCC', 1, 6, $id, 0, 0, 0)
        . pack('CCnnCCNx4', 1, 3, $id, 8, 0, 0, 0));
}


sub uwsgi {
    my ($self, $client) = @_;

    my $raw = need($client, 4);
    my $vars = need($client, unpack 'xv', $raw);
    my @params = unpack '(v/a*)*', $vars;
    my $body = need($client, {@params}->{CONTENT_LENGTH} || 0);

    my $a = $self->record(cgi(\@params, $body, $raw . $vars . $body))
        or return;
    give($client, $a, $a->{raw} // pieces($a, status_line($a)));
}


sub scgi {
    my ($self, $client) = @_;

    my $raw = upto($client, ':') // return;
    my $vars = need($client, 1 + substr $raw, 0, -1);
    my @params = split /\0/, substr($vars, 0, -1), -1;
    pop @params;
    my $body = need($client, {@params}->{CONTENT_LENGTH} || 0);

    my $a = $self->record(cgi(\@params, $body, $raw . $vars . $body))
        or return;
    give($client, $a, $a->{raw} // pieces($a, status_line($a)));
}


sub grpc {
    my ($self, $client) = @_;

    *frame = \&Consent::Test::HTTP2::frame;

    need($client, length $Consent::Test::HTTP2::PREFACE);
    $client->send(frame(4, 0, 0, ''));

    my (%streams, @table);

    while (my ($type, $flags, $id, $payload)
           = Consent::Test::HTTP2::read_frame($client))
    {
        $client->send(frame(4, 1, 0, '')) if $type == 4 && !($flags & 1);
        $client->send(frame(6, 1, 0, $payload)) if $type == 6 && !($flags & 1);

        next unless $type == 0 || $type == 1 || $type == 9;

        my $s = $streams{$id} //= { block => '', body => '' };

        if ($type == 0) {
            $s->{body} .= $payload;
            $client->send(join '', map {
                frame(8, 0, $_, pack 'N', length $payload) } 0, $id)
                if length $payload;

        } else {
            $s->{block} .= $payload;

            if ($flags & 4) {
                $s->{fields} = [Consent::Test::HTTP2::decode(\@table,
                    $s->{block})];
            }
        }

        $s->{end} ||= $type != 9 && $flags & 1;
        next unless $s->{end} && $s->{fields};

        my %pseudo = map { @$_ } grep { $_->[0] =~ /^:/ } @{$s->{fields}};
        delete $streams{$id};

        my $a = $self->record({ method => $pseudo{':method'},
            uri => $pseudo{':path'}, version => 'HTTP/2', body => $s->{body},
            fields => [grep { $_->[0] !~ /^:/ } @{$s->{fields}}],
            raw => join('', map { "$_->[0]: $_->[1]\n" } @{$s->{fields}})
                . $s->{body} })
            or return;

        my @h = ([':status', $a->{status} // 200],
            ['content-type', 'application/grpc']);
        my @more = @{$a->{headers} // []};
        while (my ($name, $value) = splice @more, 0, 2) {
            push @h, [lc $name, $value];
        }

        $client->send(frame(1, 4, $id, Consent::Test::HTTP2::encode(@h))
            . frame(0, 0, $id, $a->{body} // "\0\0\0\0\0")
            . frame(1, 5, $id,
                Consent::Test::HTTP2::encode(['grpc-status', 0])));
    }
}


package Consent::Test::Request;

# A request as the upstream received it. As a string it is its exact bytes.
#
#   $q->method $q->uri $q->version $q->body $q->raw
#   $q->header('Cookie')   first line or undef; in list context all lines
#   $q->names              names of all fields, in order
#   $q->cookies            [[name, value], ...] over all Cookie lines
#   $q->args               the query string, or undef
#   $q->params             what a FastCGI, uwsgi or SCGI server was given
#   $q->connection         the same for requests over one connection

use strict;
use warnings;

use overload '""' => sub { $_[0]{raw} }, 'bool' => sub { 1 }, fallback => 1;


sub header {
    my ($self, $name) = @_;

    my @values = map { $_->[1] } grep { lc $_->[0] eq lc $name }
        @{$self->{fields}};

    return wantarray ? @values : $values[0];
}


sub cookies {
    my ($self) = @_;

    return [map { [split /=/, $_, 2] } map { split /;\s*/ }
        $self->header('Cookie')];
}


sub args {
    my ($self) = @_;

    return $self->{uri} =~ /\?(.*)/s ? $1 : undef;
}


sub names      { return map { $_->[0] } @{$_[0]{fields}} }
sub method     { return $_[0]{method} }
sub uri        { return $_[0]{uri} }
sub version    { return $_[0]{version} }
sub body       { return $_[0]{body} }
sub raw        { return $_[0]{raw} }
sub params     { return $_[0]{params} }
sub connection { return $_[0]{connection} }

1;
