# Who asks is told by the location that was asked for, also where a subrequest or a redirect is the first to
# need it. Only the pages and one portal have consent_identity here; what they ask has none.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream(sub {
    my ($r) = @_;

    return { headers => ['Content-Type', 'text/html'], body => '<!--# include virtual="/part/" -->' } if $r->uri =~ m{^/ssi};
    return { body => 'seen' };
});

my $login = $t->upstream(sub {
    my ($r) = @_;
    my ($who) = ($r->header('Cookie') // '') =~ /JSESSIONID=(\w+)/;

    return { headers => ['X-User', $who // ''], body => '' };
}, port => 2);

$t->keys;
$t->policy;

$t->run(<<'EOF2', level => 'notice');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location / {
            consent on;
            auth_request /login;
            auth_request_set $who $upstream_http_x_user;
            consent_identity subject=$who issuer=portal;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /ssi/ {
            consent on;
            ssi on;
            auth_request /login;
            auth_request_set $who $upstream_http_x_user;
            consent_identity subject=$who issuer=portal;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /mirrored/ {
            consent on;
            mirror /part/;
            auth_request /login;
            auth_request_set $who $upstream_http_x_user;
            consent_identity subject=$who issuer=portal;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        # consent without identity, sent on to the pages
        location /privacy { consent on; rewrite ^/privacy/(.*)$ /.privacy/$1 last; }

        location = /login {
            internal;
            consent on;
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
            proxy_set_header X-Level $consent_level;
            proxy_pass http://127.0.0.1:%%PORT_2%%;
        }

        location /part/ { consent on; proxy_pass http://127.0.0.1:%%PORT_1%%; }

        location /.privacy/ {
            auth_request /login;
            auth_request_set $who $upstream_http_x_user;
            consent_identity subject=$who issuer=portal;
            consent_pages;
        }
    }
EOF2

my $secret = '198001011234';
my $cookie = $t->decide(level => 'forms', cookie => 'JSESSIONID=anna');

# a mirror's request may arrive behind the answer
my %arrive = ('/x' => 1, '/ssi/' => 2, '/mirrored/' => 2);

for my $path (sort keys %arrive) {
    my $arrived = sub { $t->wait_for(sub { $up->requests == $arrive{$path} }) };

    is($t->get("$path?pnr=$secret", cookie => 'JSESSIONID=anna')->status, 200, "$path is answered");
    ok($arrived->(), 'as often as it is asked for');
    my ($r) = grep { $_->uri =~ /^\Q$path/ } $up->requests;
    is($r->uri, "$path?pnr=$secret", 'her choice is hers, on any device');
    $up->clear;

    $t->get("$path?pnr=$secret", cookie => "$cookie; JSESSIONID=bertil");
    ok($arrived->(), 'with another as well');
    unlike($_->raw, qr/$secret/, 'and not the next one\'s on this') for $up->requests;
    $up->clear;

    $t->get("$path?pnr=$secret", cookie => $cookie);
    ok($arrived->(), 'and with none');
    unlike($_->raw, qr/$secret/, 'nor the device\'s') for $up->requests;
    $up->clear;
}

my $r = $t->get('/.privacy/api/v1/state', cookie => 'JSESSIONID=anna');
is($r->json->{level}, 'forms', 'the pages show what she has decided');
is($t->get('/privacy/api/v1/state', cookie => 'JSESSIONID=anna')->json->{level}, 'forms', 'also where she was sent on to them');
is($t->get('/privacy/api/v1/state', cookie => $cookie)->json->{level}, 'needed', 'the device has decided nothing');

unlike($t->error_log, qr/using uninitialized|\[(?:warn|error)\]/, 'the log is silent');

done_testing();
