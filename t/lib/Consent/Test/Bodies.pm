package Consent::Test::Bodies;

# Many bodies, each with a value in it that must not get through, sent in every
# way in which a body can come, to an upstream that keeps every byte.
#
#   my $b = Consent::Test::Bodies->new;
#   $b->send(
#       ['a form', 'application/x-www-form-urlencoded', 'pnr=' . $b->v . '&a=1', 'a=1'],
#       ['half of one', 'application/json', '{"pnr": "' . $b->v, REFUSED],
#   );
#   $b->done;
#
# A case is what it is, its media type (undef: none; a list: header lines, as
# they are), its body, and what becomes of it: the bytes that arrive, a pattern
# of them, REFUSED, or undef: any of these, as long as the value does not
# arrive. Its outcome is the same in every way.

use strict;
use warnings;

use Compress::Zlib ();
use Exporter 'import';
use JSON::PP ();
use Test::More ();

use Consent::Test;
use Consent::Test::Canary;

use constant REFUSED => \'refused';

our @EXPORT = ('REFUSED');

# locations, and what they set
my %places = (
    plain  => '',
    stream => 'proxy_request_buffering off; proxy_http_version 1.1;',
    spool  => 'client_body_buffer_size 512; client_body_in_file_only clean;',
    remove => 'consent_unknown remove;',
);

# ways of sending a body of bytes: place, options of the request
my %ways = (
    plain   => [plain => sub { body => $_[0] }],
    bytes   => [plain => sub { chunked => [odd($_[0], 1, 2, 1, 3)] }],
    stream  => [stream => sub { chunked => [odd($_[0], 7, 1, 500, 3, 4096)] }],
    trailer => [stream => sub { raw => $_[0] }],
    spool   => [spool => sub { body => $_[0] }],
    waits   => [plain => sub { body => $_[0], expect => 1 }],
    http2   => [plain => sub { body => $_[0], version => 2, frame => 5 }],
    frames  => [stream => sub { body => $_[0], version => 2, frame => 251 }],
    gzip    => [plain => sub { gzip => Compress::Zlib::memGzip($_[0]) }],
    remove  => [remove => sub { body => $_[0] }],
);

my @methods = qw(POST PUT PATCH DELETE GET POST QUERY REPORT);


sub new {
    my ($class, %o) = @_;

    my $t = Consent::Test->new;
    my $up = $t->upstream({ body => 'ok' });
    my $self = bless { t => $t, up => $up, canary => Consent::Test::Canary->new($t, $up), n => 0, cases => 0,
        passed => 0, refused => 0 }, $class;

    $t->keys;
    $t->policy(sub {
        push @{(grep { $_->{id} eq 'contact' } @{$_[0]{categories}})[0]{carriers}{text}}, 'iban', 'card';
    });

    my $locations = join "\n", map { "location /$_/ { $places{$_} proxy_pass http://127.0.0.1:%%PORT_1%%; }" } sort keys %places;

    $t->run(<<"EOF");
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        consent on;
        consent_unknown pass;
        keepalive_requests 100000;
        keepalive_timeout 1h;
        underscores_in_headers on;
        client_max_body_size 10m;
        client_body_buffer_size 4k;
        $locations
        location /.privacy/ { consent_pages; }
    }
EOF

    return $self;
}


# A value that nobody else has.
sub v {
    my ($self) = @_;

    return $self->{canary}->value('v' . $self->{n}++);
}


# One that is found by what it is.
sub known {
    my ($self, $value) = @_;

    return $self->{canary}->known('k' . $self->{n}++, $value);
}


sub odd {
    my ($body, @sizes) = @_;

    my @pieces;

    # not byte by byte through a large one
    @sizes = map { 1009 * $_ } @sizes if length $body > 3000;

    for (my $i = 0; length $body; $i++) {
        push @pieces, substr $body, 0, $sizes[$i % @sizes], '';
    }

    return @pieces;
}


sub send {
    my ($self, @cases) = @_;

    my (%outcome, %got);
    my $stray = 0;

    $self->{up}->clear;

    for my $way (sort keys %ways) {
        for my $i (0 .. $#cases) {
            my (undef, $type, $body) = @{$cases[$i]};
            $outcome{$way}[$i] = $self->one($way, $methods[$i % @methods], $i, $type, $body);
        }
    }

    for my $q ($self->{up}->requests) {
        my ($way, $i) = $q->uri =~ m{/\w+/(\w+)/(\d+)$} or $stray++, next;
        push @{$got{$way}[$i]}, $q;
    }

    Test::More::is($stray, 0, 'nothing arrived that was not sent');

    for my $i (0 .. $#cases) {
        $self->judge($cases[$i], map { [$_, $outcome{$_}[$i], @{$got{$_}[$i] // []}] } sort keys %ways);
    }
}


# Sends one body one way; returns the status.
sub one {
    my ($self, $way, $method, $id, $type, $body) = @_;

    my ($place, $how) = @{$ways{$way}};
    my %o = $how->($body);
    my @headers = ('Accept', 'application/json', ref $type ? @$type : defined $type ? ('Content-Type', $type) : ());
    my $uri = "/$place/$way/$id";

    if (defined(my $zipped = delete $o{gzip})) {
        push @headers, 'Content-Encoding', 'gzip';
        $o{body} = $zipped;
    }

    push @headers, 'Expect', '100-continue' if delete $o{expect};

    my $version = $o{version} // 1;
    my $c = $self->{connections}{$version} //= $self->{t}->connect($version == 2 ? (port => 2, version => 2) : ());
    my $r;

    if (defined $o{raw}) {
        $c->send(join '', "$method $uri HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n",
            (map { "$headers[2 * $_]: $headers[2 * $_ + 1]\r\n" } 0 .. @headers / 2 - 1), "\r\n",
            (map { sprintf("%04X;x=\"y\"\r\n", length) . "$_\r\n" } odd($o{raw}, 3, 17, 1, 400)),
            "0\r\nX-Personnummer: " . $self->v . "\r\n\r\n");
        $r = $c->response($method);

    } else {
        $r = $c->request($method, $uri, headers => \@headers, %o);
    }

    if ($version == 2 ? $c->{goaway} : !defined $r->status || ($r->header('Connection') // '') =~ /close/i) {
        delete $self->{connections}{$version};
    }

    # all ways answer alike
    $self->{said}{$id} = 1 if $way eq 'plain' && $self->{canary}->found($r->raw // '');

    return $r->status // 0;
}


sub judge {
    my ($self, $case, @ways) = @_;

    my ($what, $type, $body, $expected) = @$case;
    my (@faults, $first);

    for (@ways) {
        my ($way, $status, @got) = @$_;

        push @faults, map { "$way: leaks $_" } map { $self->leaks($_) } @got;
        push @faults, "$way: arrived " . @got . " times, status $status" if @got != ($status == 200 ? 1 : 0);
        push @faults, "$way: status $status" if $status != 200 && $status !~ /^4(?:00|03|13|15)$/;

        # where more goes than is asked for here; what is coded twice
        next if $way eq 'remove' || $way eq 'gzip' && ref $type && grep { /^content-encoding$/i } @$type;

        my $now = $status == 200 && @got ? $got[0]->body : '';
        $first //= [$way, $status, $now];
        push @faults, "$way: $status, and $first->[0]: $first->[1]" if ($status == 200) != ($first->[1] == 200);
        push @faults, "$way: " . shown($now) . " and $first->[0]: " . shown($first->[2]) if $now ne $first->[2];
    }

    my (undef, $status, $now) = @$first;
    $self->{$status == 200 ? 'passed' : 'refused'}++;

    if (ref $expected eq 'SCALAR') {
        push @faults, 'passes: ' . shown($now) if $status == 200;

    } elsif (defined $expected) {
        push @faults, "is refused: $status" if $status != 200;
        push @faults, 'arrives as ' . shown($now) . ' and not as ' . shown($expected)
            if ref $expected ? $now !~ $expected : $now ne $expected;
    }

    push @faults, 'is JSON no more: ' . shown($now) if $status == 200 && length $now && reads($body) && !reads($now);

    splice @faults, 6 if @faults > 6;
    Test::More::ok(!@faults, $what) or Test::More::diag(join "\n", 'sent ' . shown($body), @faults);
    Test::More::note("$what: $status " . shown($now));
}


# What was found in a request; most ways bring the same, which is looked through once.
sub leaks {
    my ($self, $q) = @_;

    my $bytes = Consent::Test::Canary::bytes_of($q) =~ s{ /\w+/\w+/\d+ }{}r
        =~ s/^(?:Host|Content-Length|Transfer-Encoding|Connection): .*\r\n//gmr;

    return @{$self->{looked}{$bytes} //= [$self->{canary}->found($bytes)]};
}


sub reads {
    my ($text) = @_;

    return $text =~ /^\s*[\[{]/ && eval { JSON::PP->new->utf8->max_depth(2000)->decode($text); 1 };
}


sub shown {
    my ($text) = @_;

    $text = substr($text, 0, 200) . ' ... ' . substr($text, -60) . ' (' . length($text) . ')' if length $text > 300;

    return $text =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ger;
}


# Nothing was said or written either, and what was meant to be tested was.
sub done {
    my ($self, $passed, $refused) = @_;

    Test::More::is_deeply([sort keys %{$self->{said} // {}}], [], 'no answer has any of it');
    Test::More::is_deeply([$self->{canary}->written], [], 'nor any file');
    Test::More::cmp_ok($self->{passed}, '>=', $passed, "$self->{passed} passed");
    Test::More::cmp_ok($self->{refused}, '>=', $refused, "$self->{refused} were refused");

    Consent::Test::done_testing();
}


1;
