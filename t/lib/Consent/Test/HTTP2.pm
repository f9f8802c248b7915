package Consent::Test::HTTP2;

# HTTP/2 (RFC 9113) in clear text with prior knowledge, as much as tests need:
# a client whose fields go out literally, so that a test decides every one of
# them (crumbled cookies, our own header names), and the frames and HPACK
# (RFC 7541) that a server of a test needs.
#
#   my $c = Consent::Test::HTTP2->new($port);
#   my $r = $c->request('GET', '/', headers => [cookie => 'a=1', cookie => 'b=2']);
#   my @r = $c->requests(['GET', '/1'], ['POST', '/2', body => '...']);

use strict;
use warnings;

use Consent::Test::Client;
use Consent::Test::Response;

use constant { DATA => 0, HEADERS => 1, RST_STREAM => 3, SETTINGS => 4,
    PING => 6, GOAWAY => 7, WINDOW_UPDATE => 8, CONTINUATION => 9 };

use constant { END_STREAM => 1, ACK => 1, END_HEADERS => 4, PADDED => 8,
    PRIORITY => 32 };

our $PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

# RFC 7541, appendix A
my @STATIC = map { [split /=/, $_, 2] } split / /,
    ':authority= :method=GET :method=POST :path=/ :path=/index.html'
    . ' :scheme=http :scheme=https :status=200 :status=204 :status=206'
    . ' :status=304 :status=400 :status=404 :status=500 accept-charset='
    . ' accept-encoding=gzip,_deflate accept-language='
    . ' accept-ranges= accept= access-control-allow-origin= age= allow='
    . ' authorization= cache-control= content-disposition= content-encoding='
    . ' content-language= content-length= content-location= content-range='
    . ' content-type= cookie= date= etag= expect= expires= from= host='
    . ' if-match= if-modified-since= if-none-match= if-range='
    . ' if-unmodified-since= last-modified= link= location= max-forwards='
    . ' proxy-authenticate= proxy-authorization= range= referer= refresh='
    . ' retry-after= server= set-cookie= strict-transport-security='
    . ' transfer-encoding= user-agent= vary= via= www-authenticate=';

$_->[1] =~ tr/_/ / for @STATIC;

# RFC 7541, appendix B: the code is canonical, so that lengths say it all;
# a is 5 bits, z is 30.
my %HUFFMAN;
{
    my @lengths = map { ord($_) - ord('a') + 5 } split //,
        'isxxxxxxxtzxxzxxxxxxxxzxxxxxxxxxbffhibdgffdgdbbbaaabbbbbbbcdkbhf'
        . 'ibccccccccccccccccccccccdcdioijbkabababbbaccbbbabcbaabccccckgjix'
        . 'prpprrrsrssssststtrstssssqrsrsstrqprrssqsrrtqrssqqrqsrssprrrsrrs'
        . 'vvporsruvvvwwvtuoqvwwvwtqqvvxwwwptpqrqqsrruuttvsvwvvwwwwwxwwwwwv'
        . 'z';

    my ($code, $before) = (0, 5);

    for my $n (sort { $lengths[$a] <=> $lengths[$b] || $a <=> $b }
               0 .. $#lengths)
    {
        $code <<= $lengths[$n] - $before;
        $before = $lengths[$n];
        $HUFFMAN{sprintf '%0*b', $before, $code++} = $n;
    }
}


sub new {
    my ($class, $port, %o) = @_;

    my $self = bless { tcp => Consent::Test::Client->new($port, %o),
        port => $port, next => 1, table => [], streams => {},
        window => 65535, initial => 65535 }, $class;

    # as much as a test may be sent without its asking
    $self->{tcp}->send($PREFACE
        . frame(SETTINGS, 0, 0, pack('nN', 4, 2 ** 31 - 1))
        . frame(WINDOW_UPDATE, 0, 0, pack('N', 2 ** 31 - 65536)));

    return $self;
}


sub frame {
    my ($type, $flags, $stream, $payload) = @_;

    return substr(pack('N', length $payload), 1)
        . pack('CCN', $type, $flags, $stream) . $payload;
}


# An integer with a prefix of $bits bits, RFC 7541, section 5.1.
sub integer {
    my ($n, $bits, $first) = @_;

    my $max = 2 ** $bits - 1;
    return chr($first | $n) if $n < $max;

    my $out = chr($first | $max);
    for ($n -= $max; $n >= 128; $n >>= 7) {
        $out .= chr($n & 127 | 128);
    }

    return $out . chr $n;
}


# Fields without an index and without Huffman coding.
sub encode {
    my (@fields) = @_;

    return join '', map {
        my ($name, $value) = @$_;
        "\0" . integer(length $name, 7, 0) . $name
            . integer(length $value, 7, 0) . $value;
    } @fields;
}


sub take_integer {
    my ($in, $bits) = @_;

    my $max = 2 ** $bits - 1;
    my $n = ord(substr $$in, 0, 1, '') & $max;
    return $n if $n < $max;

    my ($shift, $byte) = (0);

    do {
        die "HPACK: integer cut off\n" unless length $$in;
        $byte = ord substr $$in, 0, 1, '';
        $n += ($byte & 127) << $shift;
        $shift += 7;
    } while ($byte & 128);

    return $n;
}


sub take_string {
    my ($in) = @_;

    my $huffman = ord($$in) & 128;
    my $length = take_integer($in, 7);

    die "HPACK: string cut off\n" if length $$in < $length;
    my $s = substr $$in, 0, $length, '';
    return $s unless $huffman;

    my ($out, $code) = ('', '');

    for my $bit (split //, unpack 'B*', $s) {
        $code .= $bit;

        if (defined(my $n = $HUFFMAN{$code})) {
            $out .= chr $n;
            $code = '';
        }
    }

    die "HPACK: padding\n" unless $code =~ /^1{0,7}$/;

    return $out;
}


# Decodes a header block with the connection's dynamic table.
sub decode {
    my ($table, $block) = @_;

    my @fields;
    my $at = sub {
        my $i = shift;
        return $STATIC[$i - 1] if $i <= @STATIC;
        return $table->[$i - @STATIC - 1] // die "HPACK: no entry $i\n";
    };

    while (length $block) {
        my $first = ord $block;

        if ($first & 0x80) {
            push @fields, [@{$at->(take_integer(\$block, 7))}];
            next;
        }

        if (($first & 0xe0) == 0x20) {
            my $size = take_integer(\$block, 5);
            @$table = () if $size == 0;
            next;
        }

        my $index = take_integer(\$block, $first & 0x40 ? 6 : 4);
        my $name = $index ? $at->($index)[0] : take_string(\$block);
        my $field = [$name, take_string(\$block)];

        push @fields, $field;
        unshift @$table, $field if $first & 0x40;
    }

    # the default size of 4096; an entry costs 32 more than its bytes
    my $size = 0;
    for my $i (0 .. $#$table) {
        $size += 32 + length($table->[$i][0]) + length $table->[$i][1];
        if ($size > 4096) {
            splice @$table, $i;
            last;
        }
    }

    return @fields;
}


# Reads one frame from a Consent::Test::Client: (type, flags, stream, payload),
# or nothing at the end of the connection.
sub read_frame {
    my ($tcp) = @_;

    my $in = \$tcp->{in};

    while (length $$in < 9 || length $$in < 9 + (unpack('N', $$in) >> 8)) {
        return unless $tcp->fill;
    }

    my $length = unpack('N', $$in) >> 8;
    my ($type, $flags, $stream) = unpack 'x3CCN', $$in;
    my $payload = substr $$in, 9, $length;
    substr $$in, 0, 9 + $length, '';

    if ($flags & PADDED && ($type == DATA || $type == HEADERS)) {
        my $pad = ord $payload;
        $payload = substr $payload, 1, length($payload) - 1 - $pad;
    }

    if ($type == HEADERS && $flags & PRIORITY) {
        substr $payload, 0, 5, '';
    }

    return ($type, $flags, $stream & 0x7fffffff, $payload);
}


# Sends a request and returns its stream's number. The options are those of
# Consent::Test::Client's request(); fields => [[name, value], ...] instead
# gives every field, pseudo-header fields too; frame => bytes in a DATA frame
# at most.
sub start {
    my ($self, $method, $uri, %o) = @_;

    my $stream = $self->{next};
    $self->{next} += 2;

    my $body = $o{chunked} && ref $o{chunked} ? join('', @{$o{chunked}})
        : $o{pieces} ? join('', @{$o{pieces}})
        : Consent::Test::Client::body(%o);

    my @fields = $o{fields} ? @{$o{fields}}
        : ([':method', $method], [':scheme', 'http'], [':path', $uri],
           [':authority', $o{host} // "127.0.0.1:$self->{port}"],
           map { [lc $_->[0], $_->[1]] } Consent::Test::Client::headers(%o));

    push @fields, ['content-length', length $body]
        if defined $body && !$o{chunked} && !$o{fields}
           && !grep { $_->[0] eq 'content-length' } @fields;

    my $block = encode(@fields);
    my $type = HEADERS;
    my $flags = length($body // '') ? 0 : END_STREAM;
    my $out = '';

    do {
        my $part = substr $block, 0, 16384, '';
        $out .= frame($type, $flags | (length $block ? 0 : END_HEADERS),
            $stream, $part);
        ($type, $flags) = (CONTINUATION, 0);
    } while (length $block);

    $self->{streams}{$stream} = { fields => [], body => '', block => '',
        out => $body // '', window => $self->{initial}, frame => $o{frame} // 16384 };
    $self->{tcp}->send($out);
    $self->send_body($stream);

    return $stream;
}


# Sends as much of a body as the server's windows have room for.
sub send_body {
    my ($self, $stream) = @_;

    my $s = $self->{streams}{$stream};

    while (length $s->{out}) {
        my ($n) = sort { $a <=> $b } $s->{frame}, $s->{window}, $self->{window};
        return if $n <= 0;

        my $part = substr $s->{out}, 0, $n, '';
        $_ -= length $part for $s->{window}, $self->{window};

        $self->{tcp}->send(frame(DATA, length $s->{out} ? 0 : END_STREAM,
            $stream, $part));
    }
}


# Reads until the stream has ended, and returns its response.
sub finish {
    my ($self, $id) = @_;

    my $s = $self->{streams}{$id};

    until ($s->{end}) {
        my ($type, $flags, $stream, $payload) = read_frame($self->{tcp});
        last unless defined $type;
        $self->frame_read($type, $flags, $stream, $payload);
    }

    delete $self->{streams}{$id};

    return Consent::Test::Response->from_fields($s->{fields}, $s->{body},
        ($s->{end} // '') eq 'stream');
}


sub frame_read {
    my ($self, $type, $flags, $stream, $payload) = @_;

    if ($type == SETTINGS && !($flags & ACK)) {
        my %set = unpack '(nN)*', $payload;

        if (defined $set{4}) {
            $_->{window} += $set{4} - $self->{initial}
                for values %{$self->{streams}};
            $self->{initial} = $set{4};
        }

        $self->{tcp}->send(frame(SETTINGS, ACK, 0, ''));
    }

    if ($type == WINDOW_UPDATE) {
        my $of = $stream ? $self->{streams}{$stream} : $self;
        $of->{window} += unpack 'N', $payload if $of;
    }

    if ($type == SETTINGS || $type == WINDOW_UPDATE) {
        $self->send_body($_) for sort { $a <=> $b } keys %{$self->{streams}};
    }

    if ($type == PING && !($flags & ACK)) {
        $self->{tcp}->send(frame(PING, ACK, 0, $payload));
    }

    if ($type == GOAWAY) {
        $self->{goaway} = unpack 'x4N', $payload;
    }

    my $s = $self->{streams}{$stream} or return;

    if ($type == HEADERS || $type == CONTINUATION) {
        $s->{block} .= $payload;
        $s->{ending} ||= $type == HEADERS && $flags & END_STREAM;

        if ($flags & END_HEADERS) {
            push @{$s->{fields}}, decode($self->{table}, $s->{block});
            $s->{block} = '';
            $s->{end} = 'stream' if $s->{ending};
        }
    }

    if ($type == DATA) {
        $s->{body} .= $payload;
        $s->{end} = 'stream' if $flags & END_STREAM;
    }

    if ($type == RST_STREAM) {
        $s->{end} = 'reset';
        $self->{reset} = unpack 'N', $payload;
    }
}


sub request {
    my ($self, @request) = @_;

    return $self->finish($self->start(@request));
}


# Several at once on the one connection.
sub requests {
    my ($self, @requests) = @_;

    my @ids = map { $self->start(@$_) } @requests;

    return map { $self->finish($_) } @ids;
}


sub close {
    my ($self) = @_;

    $self->{tcp}->close;
}


1;
